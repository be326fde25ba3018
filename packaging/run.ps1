# Set up everything, then open the workbench on its sample workspace:
#   powershell -ExecutionPolicy Bypass -File packaging\run.ps1 [FILE] [--headless] [--json]
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'python.ps1')

$Options = @()
if ($args -contains '--headless') { $Options += '--headless' }
Invoke-Prepare $Options
& (Join-Path $Root '.venv\Scripts\workbench.exe') demo @args
exit $LASTEXITCODE

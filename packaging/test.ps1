# Set up the development environment, check, and run the tests:
#   powershell -ExecutionPolicy Bypass -File packaging\test.ps1 [--setup-only | PYTEST ARGUMENTS]
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'python.ps1')

Invoke-Prepare @('--dev')
if ($args.Count -gt 0 -and $args[0] -eq '--setup-only') { exit 0 }

Set-Location $Root
$Failed = 0
$Scripts = Join-Path $Root '.venv\Scripts'

# Name a check, run it, remember a failure.
function Invoke-Check([string] $Name, [string] $Program, [string[]] $Arguments) {
    Write-Output "== $Name"
    & (Join-Path $Scripts $Program) @Arguments
    if ($LASTEXITCODE -ne 0) { $script:Failed = 1 }
}

Invoke-Check 'format' 'ruff.exe' @('format', '--check', '--quiet', '.')
Invoke-Check 'lint' 'ruff.exe' @('check', '--quiet', '--output-format', 'concise', '.')
Invoke-Check 'types' 'mypy.exe' @()
Invoke-Check 'types of packaging' 'mypy.exe' @('packaging')
Invoke-Check 'imports' 'lint-imports.exe' @()

# Windows are drawn into memory: a test never takes the pointer or the focus.
$env:QT_QPA_PLATFORM = 'offscreen'
& (Join-Path $Scripts 'python.exe') -m pytest @args
if ($LASTEXITCODE -ne 0) { $Failed = 1 }
exit $Failed

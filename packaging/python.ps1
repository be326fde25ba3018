# Read by the scripts beside it: sets $Root, the checkout, and Invoke-Prepare, which sets up .venv there.

$Root = Split-Path -Parent $PSScriptRoot

# Whether this command starts a Python that is new enough; the stub of the Microsoft Store is there and does not.
function Test-Python([string[]] $Command) {
    if (-not (Get-Command $Command[0] -ErrorAction SilentlyContinue)) { return $false }
    $Rest = @($Command | Select-Object -Skip 1)
    try { & $Command[0] @Rest -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>&1 | Out-Null } catch { return $false }
    return $LASTEXITCODE -eq 0
}

# Any Python from 3.8 will do, for it only looks after the environment. Ends the script when setting up fails.
function Invoke-Prepare([string[]] $Options) {
    $Prepare = Join-Path $Root 'packaging\prepare'
    if (Test-Python @('py', '-3')) { & py -3 -E -s $Prepare @Options }
    elseif (Test-Python @('python')) { & python -E -s $Prepare @Options }
    elseif (Get-Command uv -ErrorAction SilentlyContinue) { & uv run --quiet --no-project --python '>=3.8' $Prepare @Options }
    else {
        [Console]::Error.WriteLine('The workbench needs Python 3.8 or newer, or uv, to set itself up; neither is here.')
        [Console]::Error.WriteLine('Install one of them: winget install Python.Python.3.13, or winget install astral-sh.uv')
        exit 1
    }
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

"""Why a workspace file or a source file cannot be used: one family, each with words for people."""

from pathlib import Path

from workbench.plan.words import tr


class StoreError(Exception):
    """The store refuses; the text says why and what to do. Nothing was changed."""


class FileMissingError(StoreError):
    """There is no such file."""


class FolderMissingError(StoreError):
    """The folder to write into does not exist."""


class AlreadyExistsError(StoreError):
    """A file of that name exists and is not overwritten."""


class NotPermittedError(StoreError):
    """The operating system does not let this user read or write here."""


class DamagedError(StoreError):
    """The file's content is not what it was when it was written."""


class NotAWorkspaceError(StoreError):
    """The file is something else: a folder, another program's file, another DuckDB database."""


class NewerVersionError(StoreError):
    """A newer version of the program wrote the file."""


class KeyNeededError(StoreError):
    """The file is encrypted and no key was given."""


class WrongKeyError(StoreError):
    """The key does not open the file."""


class InUseError(StoreError):
    """Another process, or another part of this one, has the workspace open.

    Attributes:
        pid: its process id, 0 where it is not known.
        url: where it answers, empty where it is not known.
    """

    def __init__(self, path: Path, pid: int = 0, url: str = "") -> None:
        who = tr("process {pid}").format(pid=pid) if pid else tr("another process")
        super().__init__(tr("{file} is already open in {who}.").format(file=path.name, who=who))
        self.pid = pid
        self.url = url


class ChangedError(StoreError):
    """What was read to decide by is another by now."""


class SourceError(StoreError):
    """A file to import cannot be read, or an export cannot be written."""


class BusyError(StoreError):
    """Something else that is running must end first."""

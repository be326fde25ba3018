"""Secrets of accounts: in the operating system's keyring, else in the environment; never in a file or a log.

Where there is no keyring, what is typed is known until the program ends, so that one can go on.
"""

import asyncio
import logging
import os
import re
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import keyring
from keyring.errors import KeyringError, PasswordDeleteError

from workbench.plan.words import tr

_P = ParamSpec("_P")
_T = TypeVar("_T")
_LOG = logging.getLogger(__name__)
_SERVICE = "marketing-workbench"
#: A keyring may ask its user to unlock it; longer than this nobody is there.
_TIMEOUT = 20.0


class SecretsError(Exception):
    """The secret could not be kept; the text says what to do."""


def variable(account_id: str) -> str:
    """The environment variable that may hold the account's secret, for example `WORKBENCH_SECRET_A1B2C3`.

    Letters become capitals and everything else but digits an underscore.
    """
    return "WORKBENCH_SECRET_" + re.sub(r"[^A-Z0-9]", "_", account_id.upper())


def backend() -> str:
    """The name of the keyring that keeps secrets on this machine; empty where there is none."""
    found = keyring.get_keyring()
    return str(found.name) if found.priority > 0 else ""


class Secrets:
    """Secrets by workspace and account; the account's id is the channel's."""

    def __init__(self) -> None:
        self._until_the_end: dict[str, str] = {}

    async def put(self, workspace_id: str, account_id: str, secret: str) -> None:
        """Keep a secret, or remove it where the text is empty.

        Raises `SecretsError` where no keyring takes it; until the program ends it is known all the same.
        """
        name = f"{workspace_id}/{account_id}"
        self._until_the_end.pop(name, None)
        try:
            if secret:
                await self._call(keyring.set_password, _SERVICE, name, secret)
            else:
                await self._call(keyring.delete_password, _SERVICE, name)
        except PasswordDeleteError:
            return
        except (KeyringError, TimeoutError, OSError) as error:
            if not secret:
                return
            self._until_the_end[name] = secret
            text = tr(
                "There is no keyring on this machine: the secret is known until this program ends. "
                "To keep it, set the environment variable {variable}."
            )
            raise SecretsError(text.format(variable=variable(account_id))) from error

    async def get(self, workspace_id: str, account_id: str) -> str | None:
        """The secret that was typed and not kept, else from the keyring, else from the environment, else None."""
        if not account_id:
            return None
        name = f"{workspace_id}/{account_id}"
        if name in self._until_the_end:
            return self._until_the_end[name]
        try:
            found = await self._call(keyring.get_password, _SERVICE, name)
        except (KeyringError, TimeoutError, OSError) as error:
            _LOG.debug("no keyring: %s", type(error).__name__)
            found = None
        return found or os.environ.get(variable(account_id)) or None

    @staticmethod
    async def _call(function: Callable[_P, _T], *args: _P.args, **named: _P.kwargs) -> _T:
        return await asyncio.wait_for(asyncio.to_thread(function, *args, **named), _TIMEOUT)

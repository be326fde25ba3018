"""How freed memory is given back to the system while much is sent."""

import ctypes
import sys
from contextlib import suppress
from typing import Final

#: mallopt's names for its settings, from glibc's malloc.h
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
#: bytes from which on a piece is taken from the system by itself, and given back to it when freed
_PIECE: Final = 128 * 1024


def give_back() -> None:
    """Tell glibc's allocator to keep two pools instead of one per thread, and to return large pieces at once.

    Several threads read and write blocks of people in turn; with a pool each, what one has freed the others cannot
    use. Measured at a million recipients: a tenth less resident memory, the same speed. Other systems' allocators stay
    as they are.
    """
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_ARENA_MAX, 2)
        mallopt(_MMAP_THRESHOLD, _PIECE)
        mallopt(_TRIM_THRESHOLD, _PIECE)

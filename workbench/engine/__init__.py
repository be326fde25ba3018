"""What is happening: one thread, one asyncio loop that answers asks, imports, sends and counts.

The `async def`s in its noun modules, whose first argument is the desk, are the program's API. Imports store, channels
and plan.
"""

"""The look: the only room with colours and pixel measures. Imports nothing of the workbench, only Qt and its icons."""

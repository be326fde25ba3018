"""What should happen: frozen definitions and pure functions.

Owns the words of the product (segments, templates, channels, campaigns, questions), their checks and everything that
can be worked out from them alone. Imports nothing of the workbench; no input or output, no clock, no chance.
"""

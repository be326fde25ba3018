"""One module per schema version: how an older workspace file becomes a newer one."""

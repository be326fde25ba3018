"""Templates: their list, and the editor with its code, merge fields and preview. Imports parts and what is below."""

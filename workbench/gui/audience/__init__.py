"""People: the table of all endpoints, and one person with everything that is known. Imports parts and below."""

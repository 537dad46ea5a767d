"""The database backend: PostgreSQL that is told who acts."""

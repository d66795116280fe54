"""The application's pages at the desk: each step of the case page, and the application form."""

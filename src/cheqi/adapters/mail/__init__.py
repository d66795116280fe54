"""E-mail over SMTP, and a simulated mail server with an inbox."""

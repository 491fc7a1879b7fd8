"""Parts of mail_server.py: Postfix and Dovecot in a folder of their own."""

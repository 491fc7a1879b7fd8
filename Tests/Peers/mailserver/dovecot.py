"""Dovecot in a folder: IMAP for people, LMTP and SASL for Postfix beside it."""

import os
import pwd
import subprocess

from .children import Server

SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = {ssl}
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_cache_size = 1M
first_valid_uid = 1
mail_uid = {mail.pw_uid}
mail_gid = {mail.pw_gid}
mail_location = maildir:{folder}/mail/%Lu
mail_fsync = never
mail_max_userip_connections = {connections}
recipient_delimiter = +
lmtp_save_to_detail_mailbox = yes
postmaster_address = postmaster@example.at
quota_full_tempfail = no
passdb {{
  driver = passwd-file
  args = username_format=%Lu {folder}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%Lu {folder}/users
}}
service auth {{
  unix_listener {folder}/queue/private/auth {{
    mode = 0600
    user = postfix
  }}
}}
service lmtp {{
  unix_listener {folder}/queue/private/dovecot-lmtp {{
    mode = 0600
    user = postfix
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
protocol lmtp {{
  mail_plugins = quota
}}
plugin {{
  quota = maildir:all
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
  {sent}
}}
"""


def write(folder, ports, options, certificate, key):
    """The settings and the users below `folder`; returns the server."""
    (folder / "mail").mkdir()
    mail = pwd.getpwnam("mail")
    (folder / "mail").chmod(0o755)
    os.chown(folder / "mail", mail.pw_uid, mail.pw_gid)
    users = folder / "users"
    users.write_text("".join(_user(address, options) for address in options.user))
    users.chmod(0o644)
    settings = folder / "dovecot.conf"
    settings.write_text(
        SETTINGS.format(
            folder=folder,
            ssl="required" if options.imap_requires_tls else "yes",
            certificate=certificate,
            key=key,
            mail=mail,
            prefix=options.prefix,
            separator=options.separator,
            connections=options.imap_connections,
            sent=_sent(options),
            imap=ports["imap"],
            imaps=ports["imaps"],
        )
    )
    command = ["/usr/sbin/dovecot", "-F", "-c", str(settings)]
    return Server(command, [ports["imap"], ports["imaps"]], folder / "dovecot.out")


def _user(address, options):
    extra = "userdb_quota_rule=*:bytes=1" if address in options.full else ""
    return f"{address}:{{PLAIN}}{options.password}::::::{extra}\n"


def _sent(options):
    if options.no_sent:
        return ""
    use = "" if options.plain_sent else "special_use = \\Sent"
    return f'mailbox "{options.sent}" {{\n    auto = create\n    {use}\n  }}'


def renew(folder, user, name, validity):
    """Gives a folder another UIDVALIDITY, as a server does that lost its index."""
    command = ["doveadm", "-c", str(folder / "dovecot.conf"), "mailbox", "update", "-u", user]
    subprocess.run([*command, "--uid-validity", str(validity), name], check=True, capture_output=True)

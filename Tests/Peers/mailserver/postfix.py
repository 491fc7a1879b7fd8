"""Postfix in a folder: settings, queue, and the command that starts it. Nothing of the system's own is read or written,
and no mail ever leaves the machine: what is not for the domains here is bounced."""

import grp
import os
import pwd
import subprocess
from pathlib import Path

from .children import Server

PROGRAMS = Path("/usr/lib/postfix/sbin")

# Folders of the queue as postfix-script makes them: of the mail system, but for those that others write to.
PRIVATE = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")

SERVICES = """
127.0.0.1:{smtp}        inet n - n - - smtpd -o syslog_name=smtp
    -o smtpd_tls_security_level=none -o smtpd_tls_auth_only=no -o smtpd_relay_restrictions=permit_mynetworks,reject
127.0.0.1:{submission}  inet n - n - - smtpd -o syslog_name=submission
    -o smtpd_tls_security_level=encrypt -o smtpd_tls_auth_only=yes
    -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{smtps}       inet n - n - - smtpd -o syslog_name=smtps
    -o smtpd_tls_wrappermode=yes -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 1 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
showq     unix n - n - - showq
error     unix - - n - - error
retry     unix - - n - - error
lmtp      unix - - n - - lmtp
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


def write(folder, ports, options, certificate, key):
    """The settings and an empty queue below `folder`; returns the server."""
    home, queue, data = (folder / name for name in ("postfix", "queue", "data"))
    owner, setgid = pwd.getpwnam("postfix"), grp.getgrnam("postdrop").gr_gid
    home.mkdir(mode=0o755)
    for place, mode, user, group in (
        (queue, 0o755, 0, 0),
        (data, 0o700, owner.pw_uid, owner.pw_gid),
        (queue / "pid", 0o755, 0, 0),
        (queue / "maildrop", 0o730, owner.pw_uid, setgid),
        (queue / "public", 0o710, owner.pw_uid, setgid),
        *((queue / name, 0o700, owner.pw_uid, 0) for name in PRIVATE),
    ):
        place.mkdir()
        os.chown(place, user, group)
        place.chmod(mode)
    (home / "master.cf").write_text(SERVICES.format(**ports))
    settings = _settings(folder, options, certificate, key)
    (home / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
    smtp_ports = [ports[name] for name in ("smtp", "submission", "smtps")]
    return Server([str(PROGRAMS / "master"), "-d"], smtp_ports, folder / "postfix.out", {"MAIL_CONFIG": str(home)})


def _settings(folder, options, certificate, key):
    settings = {
        "compatibility_level": "3.6",
        "queue_directory": folder / "queue",
        "data_directory": folder / "data",
        "command_directory": "/usr/sbin",
        "daemon_directory": PROGRAMS,
        "maillog_file": folder / "postfix.log",
        "maillog_file_prefixes": folder,
        "myhostname": "mail.example.at",
        "mydestination": "",
        "mynetworks": "127.0.0.0/8",
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "alias_maps": "",
        "alias_database": "",
        "local_recipient_maps": "",
        "notify_classes": "",
        "virtual_mailbox_domains": ", ".join(options.domain),
        # Whoever is not there is found out by Dovecot alone, after Postfix has taken the mail: so it bounces.
        "virtual_transport": "lmtp:unix:private/dovecot-lmtp",
        "transport_maps": "inline:{ {away.example = smtp:[127.0.0.1]:1}, {.away.example = smtp:[127.0.0.1]:1} }",
        "default_transport": "error:5.1.2 there is no such domain here",
        "recipient_delimiter": "+",
        "smtpd_sasl_auth_enable": "yes",
        "smtpd_sasl_type": "dovecot",
        "smtpd_sasl_path": "private/auth",
        "smtpd_sasl_security_options": "noanonymous",
        "smtpd_tls_chain_files": f"{key}, {certificate}",
        "smtpd_tls_security_level": "may",
        "tls_random_source": "dev:/dev/urandom",
        "message_size_limit": options.size_limit,
        "disable_vrfy_command": "no" if options.vrfy else "yes",
        "in_flow_delay": "0",
        "queue_run_delay": "1s",
        "minimal_backoff_time": "1s",
        "maximal_backoff_time": "2s",
        "maximal_queue_lifetime": f"{options.queue_lifetime}s",
        "bounce_queue_lifetime": f"{options.queue_lifetime}s",
        "anvil_rate_time_unit": f"{options.rate_unit}s",
    }
    if options.messages_per_unit:
        settings["smtpd_client_message_rate_limit"] = options.messages_per_unit
        settings["smtpd_client_event_limit_exceptions"] = ""
    if options.delay_warning:
        settings["delay_warning_time"] = f"{options.delay_warning}s"
    senders = " ".join(f"{{{address} = REJECT 5.7.1 not your address}}," for address in options.refuse_sender)
    if senders:
        settings["smtpd_sender_restrictions"] = f"check_sender_access inline:{{ {senders.rstrip(',')} }}"
    if options.server_saves_sent:
        own = f"{{{options.user[0]} = {options.user[0].replace('@', f'+{options.sent}@')}}}"
        settings["sender_bcc_maps"] = f"inline:{{ {own} }}"
    return settings


def queued(folder):
    """What is in the queue, a line of JSON each."""
    command = ["postqueue", "-c", str(folder / "postfix"), "-j"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def flush(folder):
    """Has what was put off tried again now."""
    subprocess.run(["postqueue", "-c", str(folder / "postfix"), "-f"], check=True, capture_output=True)

"""E-mail, handed to the office's mail server."""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from bpmn.errors import N_
from engine.settings import BadSetting, Settings, port
from tasks.channels.ground import BadAddress, Down, NotSent, Refused, Unsure
from tasks.messages import Message, as_html, as_text

PATIENCE: Final = 20.0  # seconds, for each thing the server is asked
LONGEST: Final = 254
_PORTS: Final = {"starttls": 587, "tls": 465, "tidak": 25}
# What mail servers take from strangers: one @, a name with a dot, nothing that ends a line.
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
)
_GOOD: Final = 250
_TOO_SLOW: Final = N_("server surel tidak menjawab pada waktunya")


class NoEmail(BadAddress):
    sentence = N_("“%(address)s” bukan alamat surel. Contoh: nama@kantor.go.id")


def open(settings: Settings) -> "Email | None":
    """The channel, where a mail server is set."""
    environ = settings.variables
    host = environ.get("ALUR_SMTP_HOST", "")
    if not host:
        return None
    security = environ.get("ALUR_SMTP_TLS", "starttls")
    if security not in _PORTS:
        raise BadSetting(name="ALUR_SMTP_TLS", value=security, wanted=" / ".join(_PORTS))
    sender = environ.get("ALUR_SMTP_FROM", "")
    if not _ADDRESS.fullmatch(sender):
        raise BadSetting(name="ALUR_SMTP_FROM", value=sender, wanted="alamat surel pengirim")
    user = environ.get("ALUR_SMTP_USER", "")
    if user and security == "tidak" and host not in {"localhost", "127.0.0.1", "::1"}:
        wanted = "starttls / tls bila ada kata sandi"
        raise BadSetting(name="ALUR_SMTP_TLS", value=security, wanted=wanted)
    door = port(environ.get("ALUR_SMTP_PORT", str(_PORTS[security])), "ALUR_SMTP_PORT")
    return Email(host, door, security, sender, user, environ.get("ALUR_SMTP_PASSWORD", ""))


@dataclass
class Email:
    """A line to the mail server, kept while there is something to send."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = ""
    patience: float = PATIENCE
    _line: smtplib.SMTP | None = None

    label = N_("Surel")
    asks_for = N_("Alamat surel")
    example = "nama@kantor.go.id"
    advice = N_("Sebaiknya alamat kantor; isinya dapat dibaca penyedia surel itu.")
    lanes = 4
    is_signed = False

    def check(self, address: str) -> str:
        address = address.strip()
        if len(address) > LONGEST or not _ADDRESS.fullmatch(address):
            raise NoEmail(address=address[:LONGEST])
        return address

    def send(self, address: str, message: Message, secret: str | None) -> None:
        letter = self.letter(address, message).as_bytes()
        line = self._ready()
        try:
            self._address(line, address)
        except (OSError, smtplib.SMTPException) as wrong:
            self.close()
            raise Down(why=_reason(wrong)) from wrong
        self._hand_over(line, letter)

    def letter(self, address: str, message: Message) -> EmailMessage:
        """The message as mail: plain text, and the same in HTML for who prefers it."""
        letter = EmailMessage(policy=SMTP)
        letter["From"] = f"Alur <{self.sender}>"
        letter["To"] = address
        # A step may be called in two lines; a header has one.
        letter["Subject"] = " ".join(message.subject.split())
        letter["Date"] = format_datetime(message.at)
        # The same each time it is sent: a mail program then knows it for the same.
        letter["Message-ID"] = f"<{message.id}@{self.sender.rpartition('@')[2]}>"
        letter["List-Unsubscribe"] = f"<{message.settings}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter["Content-Language"] = "id"
        letter.set_content(as_text(message), cte="quoted-printable")
        letter.add_alternative(as_html(message), subtype="html", cte="quoted-printable")
        return letter

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(OSError, smtplib.SMTPException):
                line.quit()
            line.close()

    def _ready(self) -> smtplib.SMTP:
        """The line that is open, if the server still listens; else a new one."""
        if self._line is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._line.noop()[0] == _GOOD:
                    return self._line
            self.close()
        try:
            self._line = self._dial()
        except (OSError, smtplib.SMTPException) as wrong:
            raise Down(why=_reason(wrong)) from wrong
        return self._line

    def _dial(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.patience, context=context
            )
        else:
            line = smtplib.SMTP(self.host, self.port, timeout=self.patience)
        try:
            if self.security == "starttls":
                line.starttls(context=context)
            if self.user:
                line.login(self.user, self.password)
        except (OSError, smtplib.SMTPException):
            line.close()
            raise
        return line

    def _address(self, line: smtplib.SMTP, address: str) -> None:
        line.ehlo_or_helo_if_needed()
        code, said = line.mail(self.sender)
        if code != _GOOD:
            raise smtplib.SMTPSenderRefused(code, said, self.sender)
        code, said = line.rcpt(address)
        if code in (_GOOD, 251):
            return
        why = f"{code} {said.decode(errors='replace')}"[:200]
        with suppress(OSError, smtplib.SMTPException):
            line.rset()
        raise Refused(why=why) if code >= 500 else NotSent(why=why)

    def _hand_over(self, line: smtplib.SMTP, letter: bytes) -> None:
        try:
            code, said = line.data(letter)
        except smtplib.SMTPDataError as wrong:  # it did not want to begin
            self.close()
            raise NotSent(why=_reason(wrong)) from wrong
        except (OSError, smtplib.SMTPException) as wrong:
            self.close()
            raise Unsure(why=_reason(wrong)) from wrong
        if code != _GOOD:
            raise NotSent(why=f"{code} {said.decode(errors='replace')}"[:200])


def _reason(wrong: BaseException) -> str:
    if isinstance(wrong, smtplib.SMTPResponseException):
        said = wrong.smtp_error
        text = said.decode(errors="replace") if isinstance(said, bytes) else said
        return f"{wrong.smtp_code} {text}"[:200]
    if "timed out" in str(wrong):
        return _TOO_SLOW
    return str(wrong)[:200] or type(wrong).__name__

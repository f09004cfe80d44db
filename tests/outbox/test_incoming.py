"""What a letter says: its new text, its files, who wrote it, and whether anybody did."""

import email.policy
import time
from email.message import EmailMessage

import pytest

from abonent.outbox.incoming import Incoming
from abonent.outbox.markup import plain_text
from abonent.outbox.trimming import new_text


def parsed(message: EmailMessage) -> Incoming:
    return Incoming.parse(message.as_bytes(policy=email.policy.SMTP))


def letter(**headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"From": "Anna <Anna@Client.BY>", "Message_ID": "<a@b>", **headers}.items():
        message[name.replace("_", "-")] = value
    return message


def test_the_sender_and_what_is_answered_are_found() -> None:
    message = letter(In_Reply_To="<two@x>", References="<one@x> <two@x>")
    message.set_content("Да")
    found = parsed(message)
    assert (found.sender, found.message_id, found.answers) == ("anna@client.by", "<a@b>", ("<two@x>", "<one@x>"))
    assert (found.text().strip(), found.is_automatic) == ("Да", False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated; owner-token=x"),
        ("Precedence", "bulk"),
        ("Return-Path", "<>"),
        ("X-Autoreply", "yes"),
        ("Content-Type", "multipart/report; boundary=x"),
    ],
)
def test_what_a_robot_wrote_is_known(name: str, value: str) -> None:
    raw = f"From: a@b.by\nMessage-ID: <a@b>\n{name}: {value}\n\nI am away\n"
    assert Incoming.parse(raw.encode()).is_automatic
    assert not Incoming.parse(b"From: a@b.by\nAuto-Submitted: no\n\nhi").is_automatic


def test_html_alone_becomes_text_and_its_scripts_do_not() -> None:
    message = letter()
    html = (
        "<html><head><title>T</title><style>p{}</style></head><body><p>Добрый <b>день</b>&nbsp;&amp; спасибо</p>"
        "<script>alert(1)</script><div>Вторая<br>Третья</div><blockquote>old</blockquote></body></html>"
    )
    message.set_content(html, subtype="html")
    text = parsed(message).text()
    assert text.split("\n")[0] == "Добрый день & спасибо"
    assert "Третья" in text.split("\n")
    assert "alert" not in text
    assert new_text(text) == "Добрый день & спасибо\n\nВторая\nТретья"


@pytest.mark.parametrize("hostile", ["<![CDATA[", "<!--", "<a ", "<", "&#", "<div>", '<a b="', "<?", "</"])
def test_html_that_never_closes_takes_no_time(hostile: str) -> None:
    began = time.monotonic()
    plain_text(hostile * 200_000)
    assert time.monotonic() - began < 3


def test_the_plain_text_is_preferred_and_strange_charsets_do_no_harm() -> None:
    message = letter()
    message.set_content("plain")
    message.add_alternative("<p>html</p>", subtype="html")
    assert parsed(message).text().strip() == "plain"
    for charset in ("punycode", "idna", "zlib_codec", "nonsense", "utf-7\0"):
        raw = f'From: a@b.by\nContent-Type: text/plain; charset="{charset}"\n\nabc-{"d" * 100_000}\n'
        began = time.monotonic()
        assert Incoming.parse(raw.encode()).text().startswith("abc")
        assert time.monotonic() - began < 1


def test_files_are_found_without_logos_and_without_those_of_forwarded_letters() -> None:
    inner = letter()
    inner.set_content("inner")
    inner.add_attachment(b"inner", maintype="application", subtype="pdf", filename="inner.pdf")
    message = letter()
    message.set_content("see")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="счёт.pdf")
    message.add_attachment(b"x" * 100, maintype="image", subtype="png", filename="logo.png", disposition="inline")
    message.add_attachment(b"x" * 20_000, maintype="image", subtype="png", filename="shot.png", disposition="inline")
    message.add_attachment(inner)
    assert [name for name, _content in parsed(message).files()] == ["счёт.pdf", "shot.png", "letter.eml"]


@pytest.mark.parametrize(
    ("said", "new"),
    [
        ("Да, в октябре.\r\n\r\n> ##- old\r\n> text\r\n", "Да, в октябре."),
        ("Да\n\nпн, 9 нояб. 2026 г. в 12:00, Ольга <answers@x.by> пишет:\n\n> old", "Да"),
        ("Yes\n\nOn Mon, 9 Nov 2026 at 12:00, Olga <answers@x.by> wrote:\n> old", "Yes"),
        ("Yes\n-----Original Message-----\nFrom: Olga", "Yes"),
        ("Yes\n________________________________\nОт: Ольга <a@b.by>", "Yes"),
        ("Yes\nFrom: Olga <answers@x.by>\nSent: Monday", "Yes"),
        ("Yes\n-- \nAnna, +375 29", "Yes"),
        ("Above\n##- Write above -##\nbelow", "Above"),
        ("> Which month?\nOctober\n> Which number?\nMine\n> bye", "> Which month?\nOctober\n> Which number?\nMine"),
        ("> only quoted", ""),
        ("He wrote:\nfrom the shop", "He wrote:\nfrom the shop"),
    ],
)
def test_only_what_is_new_is_kept(said: str, new: str) -> None:
    assert new_text(said, "##-") == new

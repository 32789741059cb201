"""Ledgers from outside: what belongs to one is taken, and every trap is refused with a clear word."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tariffwatch.errors import LedgerError
from tariffwatch.ledger import incoming
from tariffwatch.ledger.incoming import collect
from tariffwatch.ledger.load import CLOCKS_FILE, shipped
from tariffwatch.ledger.parse import MAX_BYTES

ACTION = b'id = "us-example"\n'
WANTED = {CLOCKS_FILE: b"# the law\n", "us/us-example.toml": ACTION}

Members = dict[str | zipfile.ZipInfo, bytes]


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """A zip file of these members beside the law."""

    def packed(members: Members, pressed: int = zipfile.ZIP_STORED) -> Path:
        path = tmp_path / "newer.zip"
        with zipfile.ZipFile(path, "w", pressed) as archive:
            archive.writestr(CLOCKS_FILE, WANTED[CLOCKS_FILE])
            for name, content in members.items():
                archive.writestr(name, content)
        return path

    return packed


def unpacked(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def refusal(path: Path) -> str:
    with pytest.raises(LedgerError) as caught:
        collect(path)
    said = str(caught.value)
    assert "\n" not in said
    assert said.isprintable()
    assert len(said) < 500
    return said


def test_the_shipped_ledger_is_taken_whole() -> None:
    files = collect(shipped())
    there = {file.relative_to(shipped()).as_posix(): file.read_bytes() for file in shipped().rglob("*.toml")}
    assert {name: text for name, text in files.items() if name.endswith(".toml")} == there


@pytest.mark.parametrize("top", ["", "data/", "tariffwatch-1.0/", "tariffwatch-1.0/data/"])
def test_what_belongs_to_a_ledger_is_taken_and_nothing_else(tmp_path: Path, top: str) -> None:
    beside = {"schema.json": b"{}", "README.md": b"# read\n"}
    files = (
        WANTED | beside | {"us/notes.txt": b"x", "us/run.py": b"x", ".hidden.toml": b"x", ".git/x.toml": b"x"}
    )
    path = tmp_path / "newer.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(top + name, content)
    assert collect(path) == WANTED | beside
    if top in ("", "data/"):
        folder = unpacked(tmp_path / "folder", {top + name: content for name, content in files.items()})
        assert collect(folder) == WANTED | beside


@pytest.mark.parametrize(
    "name",
    ["../x.toml", "us/../../x.toml", "/etc/x.toml", "us\\x.toml", "C:x.toml", "..", "us/..", "x:stream.toml",
     "us/\x1b[2Jx.toml", "us/x\n.toml", "\u202ex.toml"],
)  # fmt: skip
def test_no_member_of_a_zip_file_leads_out_of_the_folder(pack: Callable[..., Path], name: str) -> None:
    member = zipfile.ZipInfo("placeholder")
    member.filename = name  # as a hand-made file has it: the library would mend some of them
    said = refusal(pack({member: ACTION}))
    assert "leads out of the folder; nothing of such a file is taken" in said


def test_a_name_that_ends_early_leads_nowhere(pack: Callable[..., Path]) -> None:
    """What stands behind a zero byte is not seen by everyone."""
    path = pack({"us/x.tomlX../../y.toml": ACTION})
    path.write_bytes(path.read_bytes().replace(b"x.tomlX../", b"x.toml\0../"))
    assert "leads out of the folder" in refusal(path)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_in_a_zip_file_are_refused(pack: Callable[..., Path], kind: int) -> None:
    member = zipfile.ZipInfo("us/us-example.toml")
    member.external_attr = (kind | 0o777) << 16
    assert "is a link or no ordinary file" in refusal(pack({member: b"/etc/passwd"}))


@pytest.mark.parametrize("target", ["outside.toml", "/etc/passwd", "nothing", "us-link.toml", "ledger/us"])
def test_links_in_a_folder_are_refused(tmp_path: Path, target: str) -> None:
    """Also those that stay inside, and links to folders: what is taken is what one sees."""
    folder = unpacked(tmp_path / "ledger", WANTED)
    (tmp_path / "outside.toml").write_bytes(ACTION)
    to = target if target.startswith("us-") else tmp_path / target
    (folder / "us" / "us-link.toml").symlink_to(to)
    assert "us-link.toml is a link or no ordinary file; put the file itself there" in refusal(folder)


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "ledger", WANTED)
    os.mkfifo(folder / "us" / "us-pipe.toml")
    assert "us-pipe.toml is a link or no ordinary file" in refusal(folder)


def test_a_folder_data_that_is_a_link_is_refused(tmp_path: Path) -> None:
    unpacked(tmp_path / "ledger", WANTED)
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout" / "data").symlink_to(tmp_path / "ledger")
    assert "is no ledger" in refusal(tmp_path / "checkout")


def test_a_file_of_100_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "ledger", WANTED)
    with (folder / "us" / "us-big.toml").open("wb") as stream:
        stream.truncate(100_000_000)
    assert f"'us/us-big.toml' is larger than {MAX_BYTES:,} bytes" in refusal(folder)
    with (tmp_path / "big.zip").open("wb") as stream:
        stream.truncate(100_000_000)
    assert "big.zip is larger than 50,000,000 bytes" in refusal(tmp_path / "big.zip")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"#" * (MAX_BYTES + 1), "is larger than"),
        (b"#\n" * (MAX_BYTES // 2 - 1), "unpacks to more than 100 times its size: a zip bomb?"),
        (b"\0" * 100_000_000, "is larger than"),
    ],
)
def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    pack: Callable[..., Path], content: bytes, said: str
) -> None:
    path = pack({"us/us-bomb.toml": content}, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 200_000
    assert said in refusal(path)


def test_a_bomb_of_many_small_members_is_refused(
    pack: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "MOST_BYTES", 1_000_000)
    members = {f"us/us-{n}.toml": os.urandom(300).hex().encode() * 80 for n in range(30)}
    assert "holds more than 1,000,000 bytes of ledger files" in refusal(pack(members, zipfile.ZIP_DEFLATED))


def test_a_member_that_is_longer_than_it_says_is_refused(pack: Callable[..., Path]) -> None:
    path = pack({"us/us-x.toml": b"# x\n" * 100}, zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.rindex(mark)
        struct.pack_into("<I", data, place + at, 40)
    path.write_bytes(data)
    assert "newer.zip" in refusal(path)


def test_a_file_of_very_many_members_is_refused_before_they_are_listed(
    pack: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack({f"x{n}": b"" for n in range(200)})
    monkeypatch.setattr(incoming, "MOST_ENTRIES", 100)
    assert "holds more than 100 files; name the ledger alone" in refusal(path)
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, len(data) - 10, 4_000_000_000)  # the length of the list, as it says
    path.write_bytes(data)
    assert "holds more than 100 files" in refusal(path)


def test_a_folder_of_very_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "MOST_ENTRIES", 10)
    folder = unpacked(tmp_path / "ledger", WANTED | {f"x{n}": b"" for n in range(20)})
    assert "holds more than 10 files; name the ledger alone" in refusal(folder)


@pytest.mark.parametrize(
    "name",
    ["us/x/y/z.toml", "us/con.toml", "us/LPT1.toml", "us/-x.toml", "us/x y.toml", "us/é.toml", "us/x.TOML",
     "nul/x.toml", "us//x.toml"],
)  # fmt: skip
def test_a_name_that_some_system_reads_otherwise_is_refused(pack: Callable[..., Path], name: str) -> None:
    assert "is no name of a ledger file, such as us/s232-copper.toml" in refusal(pack({name: ACTION}))


def test_names_that_are_one_on_some_systems_are_refused(pack: Callable[..., Path]) -> None:
    said = "two names that differ in capitals only"
    assert said in refusal(pack({"us/x.toml": ACTION, "US/X.toml": ACTION}))
    assert said in refusal(pack({"us/x.toml": ACTION, "us.toml/y.toml": ACTION, "US.toml": ACTION}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused(pack: Callable[..., Path]) -> None:
    once, twice = zipfile.ZipInfo("us/x.toml"), zipfile.ZipInfo("us/x.toml")
    assert "holds us/x.toml twice" in refusal(pack({once: ACTION, twice: ACTION + b"#"}))


def test_two_ledgers_in_one_file_are_refused(pack: Callable[..., Path]) -> None:
    assert "holds more than one ledger" in refusal(pack({f"data/{CLOCKS_FILE}": b""}))


def test_a_line_that_nobody_types_is_refused(pack: Callable[..., Path]) -> None:
    assert "has a line of more than" in refusal(pack({"us/us-x.toml": b"a" + b".a" * 5_000 + b" = 1\n"}))


def test_what_is_encrypted_or_oddly_pressed_is_refused(pack: Callable[..., Path]) -> None:
    said = "is encrypted, or not pressed as zip files usually are"
    assert said in refusal(pack({"us/us-x.toml": ACTION}, zipfile.ZIP_LZMA))
    path = pack({"us/us-x.toml": ACTION})
    data = bytearray(path.read_bytes())
    struct.pack_into("<H", data, data.rindex(b"PK\x01\x02") + 8, 1)
    path.write_bytes(data)
    assert said in refusal(path)


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x05\x06" + bytes(18), bytes(range(256)) * 9, b"id = 1\n" * 900]
)
def test_what_is_no_zip_file_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "newer.zip").write_bytes(content)
    assert "newer.zip" in refusal(tmp_path / "newer.zip")


def test_an_archive_for_huge_files_is_refused(pack: Callable[..., Path]) -> None:
    path = pack({})
    data = path.read_bytes()
    at = data.rindex(b"PK\x05\x06")
    path.write_bytes(data[:at] + b"PK\x06\x07" + bytes(16) + data[at:])
    assert "zip64" in refusal(path)


@pytest.mark.parametrize("name", ["gone", "us/us-example.toml", "us"])
def test_what_is_no_ledger_is_said(tmp_path: Path, name: str) -> None:
    folder = unpacked(tmp_path, {"us/us-example.toml": ACTION})
    assert name in refusal(folder / name)


GOOD = WANTED | {f"us/us-{n}.toml": b"# x\n" * n for n in range(3)}


@given(st.data())
def test_a_damaged_zip_file_is_taken_whole_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Bytes that a disk or a line has changed: what is taken is what was packed, or nothing is."""
    path = tmp_path_factory.mktemp("zip") / "newer.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in GOOD.items():
            archive.writestr(name, content)
    bytes_ = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        bytes_[data.draw(st.integers(0, len(bytes_) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes_[: data.draw(st.integers(1, len(bytes_)))])
    try:
        taken = collect(path)
    except LedgerError:
        return
    known = set(GOOD.values())
    assert all(content in known for content in taken.values())
    for name in taken:
        assert not name.startswith("/")
        assert ".." not in name.split("/")

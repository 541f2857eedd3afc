"""The auditors' REST: only auditors, only their own force, and each read in the audit itself."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from forces import clock
from forces.accounts.models import User
from forces.accounts.tokens import issue_token
from forces.actors import Actor
from forces.asgi import DjangoApplication
from forces.audit.api import export
from forces.audit.models import AuditEntry
from forces.audit.services import GENESIS, Operation, flush, record, record_refusal
from forces.context import ForceRef, Unit, in_force

MakeClient = Callable[..., Client]
ENTRIES, CHAIN = "/api/v1/audit/entries/", "/api/v1/audit/chain/"
SAM = Actor(kind="user", id="8", name="Sam Okafor", role="operator")


def write(count: int = 1, *, act: str = "thing.do", actor: Actor = SAM, **fields: Any) -> None:
    """Buffer acts; the unit of work writes them."""
    for number in range(count):
        values = {"operation": Operation.ALTERATION, "detail": {"number": number}} | fields
        record(actor=actor, act=act, **values)


def token_of(schema_force: ForceRef) -> str:
    def issue() -> str:
        auditor = User.objects.get(username="auditor")
        system = Actor.system("tests")
        return issue_token(actor=system, now=clock.now(), user_id=auditor.pk, name="t", lasts=timedelta(days=1))

    return in_force(schema_force, issue)


@pytest.fixture
def written(in_herts: Unit) -> Unit:
    """Twelve acts, one of them refused."""
    write(10)
    write(act="other.do", actor=Actor.caller("c1"), object_type="thing", object_id="o1", session_id="s1")
    record_refusal(actor=SAM, act="thing.refuse", code="not_permitted")
    flush(in_herts.entries)
    flush(in_herts.refusals)
    return in_herts


# Refused callers first.


@pytest.mark.usefixtures("in_herts")
@pytest.mark.parametrize("path", [ENTRIES, ENTRIES + "?format=csv", CHAIN])
def test_visitor_reads_no_audit(force_client: MakeClient, path: str) -> None:
    assert force_client().get(path).status_code == 401


@pytest.mark.usefixtures("in_herts")
@pytest.mark.parametrize("path", [ENTRIES, ENTRIES + "?format=csv", CHAIN])
@pytest.mark.parametrize("role", ["operator", "supervisor", "officer", "force_admin"])
def test_others_than_auditors_read_no_audit(force_client: MakeClient, role: str, path: str) -> None:
    answer = force_client(role).get(path)

    assert answer.status_code == 403
    assert b"thing.do" not in answer.content


@pytest.mark.usefixtures("in_herts")
@pytest.mark.parametrize("verb", ["post", "put", "patch", "delete"])
def test_auditor_writes_nothing(force_client: MakeClient, verb: str) -> None:
    client = force_client("auditor")

    assert getattr(client, verb)(ENTRIES).status_code == 405
    assert getattr(client, verb)(CHAIN).status_code == 405


@pytest.mark.usefixtures("copy_db")
def test_token_of_another_force_reads_nothing(herts: ForceRef, beds: ForceRef, force_client: MakeClient) -> None:
    in_force(beds, lambda: write(act="beds.secret"))
    header = {"authorization": f"Bearer {token_of(herts)}"}

    assert force_client(schema="beds").get(ENTRIES, headers=header).status_code == 401
    own = force_client().get(ENTRIES, headers=header)
    assert own.status_code == 200
    assert b"beds.secret" not in own.content


@pytest.mark.usefixtures("in_herts")
@pytest.mark.parametrize("header", ["Bearer slt_wrong", "Bearer ", "Basic YTpi", "slt_wrong"])
def test_wrong_token_is_refused(force_client: MakeClient, header: str) -> None:
    assert force_client().get(ENTRIES, headers={"authorization": header}).status_code == 401


# Reading.


@pytest.mark.usefixtures("copy_db")
def test_auditor_reads_the_journey_by_token(herts: ForceRef, force_client: MakeClient) -> None:
    session_id = str(uuid4())
    in_force(herts, lambda: write(act="invitation.send", session_id=session_id))
    header = {"authorization": f"Bearer {token_of(herts)}"}
    client = force_client()

    rows = client.get(ENTRIES, {"object_id": session_id}, headers=header).json()["results"]
    assert [row["act"] for row in rows] == ["invitation.send"]
    chain = client.get(CHAIN, headers=header).json()
    assert (chain["ok"], chain["first_broken_seq"]) == (True, None)
    assert client.get("/api/v1/items/", headers=header).status_code == 200
    assert client.get("/api/v1/retention/due/", headers=header).status_code == 200


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"act": "thing.do"}, 10),
        ({"actor": "8"}, 11),
        ({"outcome": "refused", "actor": "8"}, 1),
        ({"operation": "alteration"}, 11),
        ({"object_id": "o1"}, 1),
        ({"object_id": "s1"}, 1),
        ({"object_type": "thing"}, 1),
        ({"since": "2100-01-01T00:00:00Z"}, 0),
        ({"until": "2000-01-01T00:00:00+00:00"}, 0),
        ({"act": "no.such"}, 0),
    ],
)
def test_auditor_filters(written: Unit, force_client: MakeClient, query: dict[str, str], count: int) -> None:
    answer = force_client("auditor").get(ENTRIES, query)

    assert len(answer.json()["results"]) == count


@pytest.mark.parametrize(
    "query", [{"since": "yesterday"}, {"until": "2030-01-01T00:00:00"}, {"operation": "x"}, {"outcome": "maybe"}]
)
def test_wrong_filter_is_said_so(written: Unit, force_client: MakeClient, query: dict[str, str]) -> None:
    answer = force_client("auditor").get(ENTRIES, query)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


def test_pages_hold_every_entry_once_although_reading_adds_some(
    written: Unit, force_client: MakeClient, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    before = [row["seq"] for row in audit_rows()]
    client, seen = force_client("auditor"), []
    link = f"{ENTRIES}?page_size=5"
    while link:
        page = client.get(link).json()
        audit_rows()  # what the reading itself added is in the table now
        seen += [row["seq"] for row in page["results"]]
        link = page["next"]

    assert seen == sorted(set(seen), reverse=True)
    assert set(before) <= set(seen)


def test_each_read_is_audited_with_what_was_asked(
    written: Unit, force_client: MakeClient, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    client = force_client("auditor")
    client.get(ENTRIES, {"act": "thing.do"})
    client.get(CHAIN)
    client.get(ENTRIES, {"format": "csv"})

    reads = [row for row in audit_rows() if row["act"].startswith("audit.")]
    assert [(row["act"], row["operation"]) for row in reads] == [
        ("audit.read", "consultation"),
        ("audit.verify", "consultation"),
        ("audit.export", "consultation"),
    ]
    assert reads[0]["detail"] == {"act": "thing.do"}
    assert {row["actor_role"] for row in reads} == {"auditor"}


def test_reader_can_follow_the_chain_without_the_system(written: Unit, force_client: MakeClient) -> None:
    rows = force_client("auditor").get(ENTRIES, {"page_size": 500}).json()["results"][::-1]

    assert rows[0]["prev"] == GENESIS.hex() == hashlib.sha256(b"genesis").hexdigest()
    assert all(after["prev"] == before["hash"] for before, after in pairwise(rows))


@pytest.mark.usefixtures("in_herts")
def test_broken_chain_is_reported_with_its_first_row(force_client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from forces.audit.api import views
    from forces.audit.services import ChainResult

    monkeypatch.setattr(views, "verify_chain", lambda: ChainResult(False, 3, 4, "hash", ""))
    chain = force_client("auditor").get(CHAIN).json()

    assert chain == {"ok": False, "rows": 3, "first_broken_seq": 4, "reason": "hash", "head": ""}


# CSV.


async def read_csv(herts: ForceRef, query: str = "") -> tuple[httpx.Response, list[dict[str, str]]]:
    """Ask over ASGI as an auditor's machine does, and read the whole stream."""
    token = await sync_to_async(token_of, thread_sensitive=False)(herts)
    transport = httpx.ASGITransport(DjangoApplication())  # type: ignore[arg-type]  # stricter stubs
    async with httpx.AsyncClient(transport=transport, base_url="http://herts.localhost") as client:
        headers = {"Authorization": f"Bearer {token}"}
        answer = await client.get(f"{ENTRIES}?format=csv{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer, list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.usefixtures("copy_db")
async def test_csv_holds_all_that_pass_in_chunks_of_their_own(herts: ForceRef, monkeypatch: pytest.MonkeyPatch) -> None:
    from forces.context import ain_force

    await ain_force(herts, write, 25)
    monkeypatch.setattr(export, "CHUNK", 10)
    answer, rows = await read_csv(herts, "&act=thing.do")

    assert answer.headers["Content-Type"].startswith("text/csv")
    assert [json.loads(row["detail"])["number"] for row in rows] == list(range(25))
    assert [int(row["seq"]) for row in rows] == sorted(int(row["seq"]) for row in rows)


@pytest.mark.usefixtures("copy_db")
async def test_csv_cannot_start_a_formula(herts: ForceRef) -> None:
    from forces.context import ain_force

    for name in ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"):
        await ain_force(herts, lambda name=name: write(actor=Actor(kind="user", id=name, name=name)))  # type: ignore[misc]
    _, rows = await read_csv(herts, "&act=thing.do")

    assert len(rows) == 6
    for row in rows:
        assert row["actor_name"].startswith("'")
        assert row["actor_id"].startswith("'")


@pytest.mark.usefixtures("copy_db")
async def test_csv_ends_where_it_began_although_entries_are_added(
    herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forces.context import ain_force

    await ain_force(herts, write, 5)
    monkeypatch.setattr(export, "CHUNK", 2)
    chunk = export._chunk

    def slow(*args: Any) -> Any:
        write(3, act="thing.do")  # someone else works on while the reader reads
        return chunk(*args)

    monkeypatch.setattr(export, "_chunk", slow)
    _, rows = await read_csv(herts, "&act=thing.do")

    assert len(rows) == 5
    assert await ain_force(herts, AuditEntry.objects.filter(act="thing.do").count) > 5

"""Does the doctor see what is wrong between us and Chatwoot? Each thing once, against a Chatwoot that has it."""

from pathlib import Path
from typing import Any

import pytest

from dashboard.checks import Finding, chatwoot, clock
from dashboard.checks.clock import judged
from tests.rig import free_port, serving
from tests.rig_doctor import PUBLIC, answering, context, dropping, installation, one, redirecting, told, wire

FULL = {"chatwoot.version", "chatwoot.token", "chatwoot.bot_token", "chatwoot.webhook", "chatwoot.bot"}


async def examined(tmp_path: Path, settings: dict[str, str], **changes: str) -> list[Finding]:
    return await chatwoot.check(context(tmp_path, **settings, **changes))


async def test_what_is_wired_as_it_should_be_is_good_throughout(tmp_path: Path):
    with installation() as (fake, settings):
        found = await examined(tmp_path, settings, **wire(fake))

    assert told(found) == dict.fromkeys([*FULL, "chatwoot.inboxes"], "good")
    assert "WhatsApp" in one(found, "chatwoot.inboxes").what


async def test_that_chatwoot_sends_to_another_copy_of_the_server_is_told(tmp_path: Path):
    with installation() as (fake, settings):
        own = wire(fake)
        found = await examined(tmp_path, settings, **{**own, "PUBLIC_URL": "https://laptop.example.com"})
        by_proxy = await examined(
            tmp_path, settings, **{**own, "PUBLIC_URL": "https://laptop.example.com", "VPS_URL": PUBLIC}
        )

    assert PUBLIC.partition("//")[2] in one(found, "chatwoot.other_copy").what
    assert "chatwoot.other_copy" not in told(by_proxy)


async def test_a_chatwoot_that_is_not_set_up_is_told(tmp_path: Path):
    assert told(await examined(tmp_path, {})) == {"chatwoot.unset": "warning"}


async def test_a_shop_that_has_no_chatwoot_at_all_is_told(tmp_path: Path):
    (tmp_path / "accounts.toml").write_text("[account.loja2]\n")
    found = await examined(tmp_path, {"ACCOUNTS_FILE": str(tmp_path / "accounts.toml")})

    assert [each.account for each in found if each.code == "chatwoot.unset"] == ["loja2", "account_1"]


async def test_an_address_where_nobody_answers_is_told(tmp_path: Path):
    nowhere = {"CHATWOOT_BASE_URL": f"http://127.0.0.1:{free_port()}", "CHATWOOT_API_KEY": "x"}

    assert told(await examined(tmp_path, nowhere)) == {"chatwoot.unreachable": "error"}


async def test_another_program_at_the_address_is_told(tmp_path: Path):
    with serving(answering({"/api": {"version": "3"}})) as url:
        found = await examined(tmp_path, {"CHATWOOT_BASE_URL": url, "CHATWOOT_API_KEY": "x"})

    assert told(found) == {"chatwoot.other": "error"}


async def test_an_address_that_redirects_is_told_with_the_right_one(tmp_path: Path):
    with serving(redirecting("https://chat.example.com/api")) as url:
        found = await examined(tmp_path, {"CHATWOOT_BASE_URL": url, "CHATWOOT_API_KEY": "x"})

    assert told(found) == {"chatwoot.redirected": "error"}
    assert "https://chat.example.com/api" in found[0].what


@pytest.mark.parametrize(("version", "level"), [("4.10.0", "warning"), ("4.12.1", "warning"), ("4.13.0", "good")])
async def test_a_version_that_does_not_sign_all_is_told(tmp_path: Path, version: str, level: str):
    with installation(version) as (_fake, settings):
        found = await examined(tmp_path, settings)

    assert told(found)["chatwoot.version"] == level


async def test_each_place_is_told_by_its_name_and_no_password_of_an_address_is(tmp_path: Path):
    nowhere = f"http://x:password@127.0.0.1:{free_port()}"
    place = f'[[account.loja2.chatwoot]]\nname = "atacado"\nnumber = 2\nbase_url = "{nowhere}"\napi_key = "x"\n'
    (tmp_path / "accounts.toml").write_text(f"[[account.loja2.chatwoot]]\n{place}")
    found = await examined(tmp_path, {"ACCOUNTS_FILE": str(tmp_path / "accounts.toml")})

    assert [(each.account, each.place, each.code) for each in found] == [
        ("account_1", "", "chatwoot.unset"), ("loja2", "", "chatwoot.unset"),
        ("loja2", "atacado", "chatwoot.unreachable"),
    ]  # fmt: skip
    assert "password" not in str(found)


# Tokens


async def test_a_proxy_that_drops_the_header_is_told_from_a_wrong_token(tmp_path: Path):
    with installation() as (fake, settings), serving(dropping(fake.app, b"api-access-token")) as behind:
        dropped = await examined(tmp_path, {**settings, "CHATWOOT_BASE_URL": behind})
        underscores = dropping(fake.app, b"api_access_token")
        with serving(underscores) as nginx:
            passed = await examined(tmp_path, {**settings, "CHATWOOT_BASE_URL": nginx})
        wrong = await examined(tmp_path, {**settings, "CHATWOOT_API_KEY": "another"})

    assert told(dropped)["chatwoot.header"] == "error"
    assert told(wrong)["chatwoot.token"] == "error"
    assert told(passed)["chatwoot.token"] == "good"


async def test_a_bots_token_in_the_users_place_is_told(tmp_path: Path):
    with installation() as (fake, settings):
        token = fake.bots[fake.add_bot("Nosso", "")]["access_token"]
        found = await examined(tmp_path, {**settings, "CHATWOOT_API_KEY": token})

    assert told(found)["chatwoot.token"] == "error"
    assert "bot's token" in one(found, "chatwoot.token").what


async def test_a_users_token_in_the_bots_place_is_told(tmp_path: Path):
    with installation() as (_fake, settings):
        found = await examined(tmp_path, {**settings, "CHATWOOT_BOT_TOKEN": "user-token"})

    assert told(found)["chatwoot.bot_is_user"] == "warning"


async def test_tokens_that_are_not_set_are_told(tmp_path: Path):
    with installation() as (fake, settings):
        token = fake.bots[fake.add_bot("Nosso", "")]["access_token"]
        no_bot = await examined(tmp_path, settings)
        no_user = await examined(tmp_path, {**settings, "CHATWOOT_API_KEY": "", "CHATWOOT_BOT_TOKEN": token})

    assert told(no_bot)["chatwoot.bot_unset"] == "warning"
    assert (told(no_user)["chatwoot.token_unset"], told(no_user)["chatwoot.bot_token"]) == ("warning", "good")


async def test_a_bots_token_that_chatwoot_does_not_know_is_told(tmp_path: Path):
    with installation() as (_fake, settings):
        found = await examined(tmp_path, {**settings, "CHATWOOT_BOT_TOKEN": "old"})

    assert told(found)["chatwoot.bot_token"] == "error"


async def test_a_chatwoot_that_fails_is_told(tmp_path: Path):
    with installation() as (fake, settings):
        fake.fails_at = "/profile"
        found = await examined(tmp_path, settings)

    assert told(found)["chatwoot.failing"] == "error"


@pytest.mark.parametrize(
    ("changes", "code", "level"),
    [
        ({"CHATWOOT_ACCOUNT_ID": ""}, "chatwoot.number", "warning"),
        ({"CHATWOOT_ACCOUNT_ID": "7"}, "chatwoot.account", "error"),
    ],
)
async def test_a_number_that_is_missing_or_wrong_is_told(tmp_path: Path, changes: Any, code: str, level: str):
    with installation() as (_fake, settings):
        found = await examined(tmp_path, {**settings, **changes})

    assert told(found)[code] == level
    assert "in: 1" in one(found, code).remedy


async def test_an_agents_token_is_told_to_see_no_webhooks(tmp_path: Path):
    with installation(role="agent") as (fake, settings):
        found = await examined(tmp_path, settings, **wire(fake))

    assert told(found)["chatwoot.role"] == "warning"
    assert "chatwoot.webhook" not in told(found)


# Webhooks, bots, inboxes


async def test_nothing_that_leads_here_is_told_with_the_old_address(tmp_path: Path):
    with installation() as (fake, settings):
        fake.add_webhook("https://old.ngrok.app/webhook?token=secret", "message_created")
        fake.add_inbox("Site")
        found = await examined(tmp_path, settings, PUBLIC_URL=PUBLIC)

    lacking = ("chatwoot.webhook", "chatwoot.bot", "chatwoot.inboxes")
    assert {code: told(found)[code] for code in lacking} == dict.fromkeys(lacking, "warning")
    assert "https://old.ngrok.app/webhook" in one(found, "chatwoot.webhook").what
    assert "secret" not in str(found)


async def test_webhooks_that_cannot_be_read_are_told(tmp_path: Path):
    with installation() as (fake, settings):
        fake.fails_at = "/webhooks"
        found = await examined(tmp_path, settings, PUBLIC_URL=PUBLIC)

    assert told(found)["chatwoot.wiring_unread"] == "warning"


async def test_a_subscription_that_is_missing_is_told(tmp_path: Path):
    with installation() as (fake, settings):
        own = wire(fake)
        next(iter(fake.webhooks.values()))["subscriptions"].remove("conversation_updated")
        found = await examined(tmp_path, settings, **own)

    assert told(found)["chatwoot.subscriptions"] == "warning"
    assert "conversation_updated" in one(found, "chatwoot.subscriptions").what


async def test_a_bot_that_sends_elsewhere_is_told(tmp_path: Path):
    with installation() as (fake, settings):
        found = await examined(tmp_path, settings, **wire(fake, bot="https://old.ngrok.app/webhook?token=old-one"))

    assert told(found)["chatwoot.bot_address"] == "error"
    assert "https://old.ngrok.app/webhook" in one(found, "chatwoot.bot_address").what
    assert "old-one" not in str(found)


async def test_a_token_of_another_bot_than_the_one_that_sends_here_is_told(tmp_path: Path):
    with installation() as (fake, settings):
        own = wire(fake)
        other = fake.bots[fake.add_bot("Sistema", "", is_system=True)]["access_token"]
        found = await examined(tmp_path, settings, **{**own, "CHATWOOT_BOT_TOKEN": other})

    assert told(found)["chatwoot.bot_other"] == "warning"


async def test_another_bots_inboxes_are_told(tmp_path: Path):
    with installation() as (fake, settings):
        own = wire(fake)
        fake.connected[next(iter(fake.inboxes))] = fake.add_bot("Outro", "https://outro.example.com")
        found = await examined(tmp_path, settings, **own)

    assert told(found)["chatwoot.inboxes"] == "warning"
    assert "another bot serves: WhatsApp" in one(found, "chatwoot.inboxes").what


async def test_secrets_that_are_not_held_here_are_told_of_every_sender(tmp_path: Path):
    with installation() as (fake, settings):
        own = wire(fake)
        fake.add_inbox("Site", "Channel::Api", f"{PUBLIC}/webhook?token=rig-webhook-token")
        found = await examined(tmp_path, settings, **{**own, "CHATWOOT_WEBHOOK_SECRET": "of-something-else"})

    assert [each.what.partition(" signs")[0] for each in found if each.code == "chatwoot.secret"] == [
        "The webhook", "The bot Nosso", "The API inbox Site (14)",
    ]  # fmt: skip
    assert told(found)["chatwoot.secret"] == "error"


async def test_a_signature_that_nobody_looks_at_is_told(tmp_path: Path):
    with_token = f"{PUBLIC}/webhook?token=rig-webhook-token"
    with installation() as (fake, settings):
        own = wire(fake, webhook=with_token, bot=with_token)
        found = await examined(tmp_path, settings, **{**own, "CHATWOOT_WEBHOOK_SECRET": ""})

    assert told(found)["chatwoot.signature_unchecked"] == "warning"


async def test_an_address_without_a_valid_token_is_told_where_nothing_is_signed(tmp_path: Path):
    with installation("4.10.0") as (fake, settings):
        own = wire(fake, webhook=f"{PUBLIC}/webhook?token=old", bot=f"https://x:rig-webhook-token@{PUBLIC[8:]}/webhook")
        found = await examined(tmp_path, settings, **own)

    assert [each.what.partition(" has")[0] for each in found if each.code == "chatwoot.url_token"] == ["The webhook"]
    assert told(found)["chatwoot.bot"] == "good"


# The clock


@pytest.mark.parametrize(
    ("date", "code", "level"),
    [
        ("Wed, 01 Jan 2020 00:00:00 GMT", "clock.wrong", "error"),
        ("Fri, 01 Jan 2100 00:00:00 GMT", "clock.wrong", "error"),
    ],
)
async def test_a_clock_that_makes_signatures_old_is_told(tmp_path: Path, date: str, code: str, level: str):
    with serving(answering({"/api": {}}, date=date), date_header=False) as url:
        found = await clock.check(context(tmp_path, CHATWOOT_BASE_URL=url))

    assert told(found) == {code: level}


async def test_of_several_clocks_the_one_that_differs_most_is_told(tmp_path: Path):
    ahead = answering({"/web/health": {}}, date="Fri, 01 Jan 2100 00:00:00 GMT")
    with installation() as (_fake, settings), serving(ahead, date_header=False) as url:
        found = await clock.check(context(tmp_path, **settings, ODOO_URL=url, ODOO_API_KEY="key"))

    assert told(found) == {"clock.wrong": "error"}


async def test_a_clock_that_agrees_is_good_and_one_that_is_not_told_is_nothing(tmp_path: Path):
    with installation() as (_fake, settings):
        right = await clock.check(context(tmp_path, **settings))
    with serving(answering({"/api": {}}), date_header=False) as url:
        nothing = await clock.check(context(tmp_path, CHATWOOT_BASE_URL=url))

    assert (told(right), nothing) == ({"clock.right": "good"}, [])


@pytest.mark.parametrize(
    ("skew", "code"),
    [(0, "clock.right"), (60, "clock.right"), (61, "clock.skewed"), (-300, "clock.skewed"), (-301, "clock.wrong")],
)
def test_a_clock_is_judged_by_how_long_signatures_are_valid(skew: int, code: str):
    assert judged("chat.example.com", skew).code == code

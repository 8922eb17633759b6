"""Are the shops set up? Their file, and whether anything that they are sent could be taken."""

import stat
from gettext import gettext as _

from config.accounts import Account
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good, warning


def check(context: Context) -> list[Finding]:
    """The accounts' file and the accounts."""
    return [*check_file(context), *_chosen(context), *(found for each in context.accounts for found in _account(each))]


def check_file(context: Context) -> list[Finding]:
    """The accounts' file alone."""
    path = context.settings.accounts_file.path if context.settings else None
    found = []
    for sentence in context.wrong:
        why = _("The server does not start with it; one that runs goes on with what it had.")
        found.append(error("accounts.wrong", sentence, why, _("Correct it in {path}").format(path=path)))
    if path is None or not path.exists():
        return found
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        what = _("{path} can be read by other users of this machine").format(path=path)
        return [*found, warning("accounts.mode", what, _("It holds tokens and keys."), f"chmod 600 {path}")]
    return found or [good("accounts.file", _("{path} can be read, and only by its owner").format(path=path))]


def _chosen(context: Context) -> list[Finding]:
    if context.accounts or context.settings is None:
        return []
    names = ", ".join(each.id for each in context.settings.accounts)
    what = _("There is no account {name}").format(name=context.chosen)
    remedy = _("Choose one of: {names}").format(names=names)
    return [error("accounts.unknown", what, _("Nothing of it can be looked at."), remedy)]


def _account(account: Account) -> list[Finding]:
    found = []
    if account.paused:
        what, why = _("It is paused"), _("Its events are kept, nobody is answered.")
        remedy = f"python -m scripts.account pause {account.id} --off"
        found.append(warning("accounts.paused", what, why, remedy, account.id))
    if not account.webhook_tokens and not any(place.secrets for place in account.chatwoot):
        what, why = _("Neither a token nor a secret is set for its Chatwoot"), _("All that Chatwoot sends is refused.")
        remedy = _("Set WEBHOOK_TOKEN (accounts.toml: webhook_token), then: python -m scripts.chatwoot register")
        found.append(error("accounts.unvouched", what, why, remedy, account.id))
    if not account.odoo_keys:
        what, why = _("No key is set for its Odoo"), _("All that Odoo sends is refused.")
        remedy = _("Set ODOO_SYNC_KEY (accounts.toml: odoo_key), if it has an Odoo")
        found.append(warning("accounts.odoo_key", what, why, remedy, account.id))
    return found

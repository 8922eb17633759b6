"""Can the language model be asked? Its server reached with the key, without asking the model anything."""

from contextlib import aclosing
from gettext import gettext as _
from urllib.parse import urlsplit

from clients.http import Failed, Refused
from clients.llm import Llm, LlmConnection
from config.settings import Settings
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good, warning


async def check(context: Context) -> list[Finding]:
    """Whether the server of LLM_BASE_URL is there, takes the key, and has the model."""
    settings = context.settings
    if settings is None or not settings.llm_base_url:
        return []
    if not any(each.llm for each in context.accounts):
        what, why = _("A model is set up, and no account uses it"), _("Answers are the rules' own texts.")
        return [warning("llm.unused", what, why, _("In accounts.toml: llm = true (docs/llm.md)"))]
    return [await _asked(settings)]


async def _asked(settings: Settings) -> Finding:
    host = urlsplit(settings.llm_base_url).netloc.rpartition("@")[2]
    why = _("Answers are the rules' own texts until it is there.")
    try:
        connection = LlmConnection(settings.llm_base_url, settings.llm_model, settings.llm_api_key)
        async with aclosing(Llm(connection)) as llm:
            models = await llm.models()
    except Refused as refused:
        if refused.status in (401, 403):
            what = _("The model's server at {host} refuses the key").format(host=host)
            return error("llm.key", what, why, _("Correct LLM_API_KEY in .env"))
        if refused.status in (404, 405):
            return good("llm.reached", _("The model's server at {host} answers, and lists no models").format(host=host))
        return _unreachable(host, refused, why)
    except Failed as failed:
        return _unreachable(host, failed, why)
    names = {*models, *(each.removesuffix(":latest") for each in models)}
    if models and settings.llm_model not in names:
        what = _("The server at {host} has no model {name}").format(host=host, name=settings.llm_model)
        return warning(
            "llm.model", what, why, _("LLM_MODEL in .env, one of: {names}").format(names=", ".join(models[:5]))
        )
    return good("llm.reached", _("The model's server at {host} takes the key and has the model").format(host=host))


def _unreachable(host: str, failed: Failed, why: str) -> Finding:
    what = _("The model's server at {host} does not answer: {error}").format(host=host, error=failed)
    return error("llm.unreachable", what, why, _("Start it, or correct LLM_BASE_URL in .env"))

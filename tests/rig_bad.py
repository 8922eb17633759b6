"""Plugins that nobody should write: by what each does, a text for each file's name."""

HEAD = "import asyncio, ctypes, os, socket, subprocess, sys, threading, time\nfrom relay import *\n"
LIMITS = "timeout=0.5, retry=Retry(first=0.2, factor=1, longest=0.2, give_up_after=1.5, jitter=0.0)"


def handler(body: str, options: str = "", kind: str = "async def") -> str:
    """A handler of what the test sends."""
    head = f"{HEAD}\n@on('chatwoot.message_created', {LIMITS}{options})\n"
    return f"{head}{kind} act(event: Event) -> None:\n    {body}\n"


# Each blocks its loop, or a thread, for good.
BLOCK = {
    "block_sleeps": handler("time.sleep(3600)"),
    "block_waits_for_a_lock": handler("lock = threading.Lock(); lock.acquire(); lock.acquire()"),
    "block_waits_for_an_event": handler("threading.Event().wait()"),
    "block_listens_in_vain": handler("a, b = socket.socketpair(); a.recv(1)"),
    "block_waits_for_a_program": handler("subprocess.run(['sleep', '3600'])"),
    "block_runs_in_circles": handler("while True: time.sleep(0)"),
    "block_in_a_thread": handler("time.sleep(3600)", kind="def"),
    "block_apart": handler("while True: pass", ", isolation='process'"),
}
# Each raises what `except Exception` does not catch, and is tried again until it is given up.
RAISE = {
    "raise_system_exit": handler("raise SystemExit(1)"),
    "raise_keyboard_interrupt": handler("raise KeyboardInterrupt"),
    "raise_generator_exit": handler("raise GeneratorExit"),
    "raise_cancelled": handler("raise asyncio.CancelledError"),
    "raise_in_a_thread": handler("sys.exit('bye')", kind="def"),
    "raise_apart": handler("os._exit(1)", ", isolation='process'"),
    "raise_what_cannot_be_told": handler(
        "class Mute(BaseException):\n        def __str__(self): raise ValueError\n    raise Mute"
    ),
}
# None of these is ever loaded.
UNLOADED = {
    "import_syntax": "def (:",
    "import_nothing_of_this_name": "import nothing_of_this_name",
    "import_leaves": f"{HEAD}sys.exit(3)",
    "import_interrupts": "raise KeyboardInterrupt",
    "import_never_ends": f"{HEAD}time.sleep(3600)",
    "import_declares_too_late": f"{HEAD}time.sleep(4)\n" + handler("raise AssertionError('it was called')"),
    "import_what_cannot_be_told": "class Mute(Exception):\n    def __str__(self): raise ValueError\nraise Mute",
    "import_no_text": "\0",
    "import_asks_for_the_settings": (
        f"from config.settings import Settings\n{HEAD}"
        "@on('x')\nasync def act(event: Event, settings: Settings) -> None: ..."
    ),
    "import_settings_of_no_struct": f"{HEAD}@settings('mine')\nclass Mine: ...",
    "import_forgets_the_parentheses": f"{HEAD}@on\nasync def act(event: Event) -> None: ...",
    "import_takes_no_event": f"{HEAD}@on('x')\nasync def act() -> None: ...",
    "import_takes_the_dashboard": (
        f"{HEAD}@source\ndef mine(): return Source('mine', ('/admin',), lambda i: None, lambda i: Named('x'))"
    ),
    "import_takes_anothers_name": (
        f"{HEAD}@source\ndef mine(): return Source('chatwoot', ('/webhook/a',), lambda i: None, lambda i: Named('x'))"
    ),
    "import_takes_anothers_address": (
        f"{HEAD}@source\ndef mine(): return Source('my', ('/webhook',), lambda i: None, lambda i: Named('x'))"
    ),
}
# Loaded, and no better.
OTHER = {
    "other_never_returns": handler("await asyncio.Event().wait()"),
    "other_will_not_be_cancelled": handler(
        "while True:\n        try:\n            await asyncio.sleep(3600)\n        except BaseException: pass"
    ),
    "other_stops_its_loop": handler("asyncio.get_running_loop().stop()"),
    "other_leaves_from_a_sub_task": handler("asyncio.get_running_loop().call_soon(sys.exit)"),
    "other_cancels_everybody": handler("for task in asyncio.all_tasks(): task.cancel()\n    await asyncio.sleep(9)"),
    "other_leaks": handler("event.__class__.leak = getattr(Event, 'leak', []) + [bytearray(100_000)]"),
    "other_prints_secrets": handler("print('the token is', 'rig-admin-token')"),
    "other_says_what_cannot_be_written": handler("event.explain('\\ud800' * 2000); raise ValueError('\\0' * 5000)"),
    "other_cannot_be_written_down": handler("await event.once('x', lambda: asyncio.sleep(0, result=object()))"),
    "other_crashes": handler("ctypes.string_at(0)", ", isolation='process'"),
    "other_eats_memory": handler("hoard = bytearray(8 << 30)", ", isolation='process'"),
    "other_again_and_again": f"{HEAD}@every(0.01)\ndef tick(): raise SystemExit",
}
BAD = {**BLOCK, **RAISE, **UNLOADED, **OTHER}
GOOD = "from relay import Event, on\n@on('chatwoot.message_created')\nasync def act(event: Event) -> None: ...\n"

"""`paperlake explore`: the releases of a store in a browser."""

import webbrowser
from functools import partial
from threading import Thread
from typing import Annotated

import typer

from paperlake.commands import STORE, Store, err, exits, out
from paperlake.explore.serving import is_loopback, serve
from paperlake.explore.shelf import shelve
from paperlake.stores import open_store

_HOST, _PORT = "127.0.0.1", 8765


@exits
def explore(
    at: Annotated[str | None, typer.Option(metavar="N|TAG", help="Shown first; the newest without one.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen; 0 picks a free one.")] = _PORT,
    host: Annotated[str, typer.Option(help="Address to listen on; this machine alone without one.")] = _HOST,
    is_open: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    store: Store = STORE,
) -> None:
    """Serve the pages of a store's releases to browsers of this machine, with a search over all papers."""
    shelf = shelve(open_store(store), at)
    if not is_loopback(host):
        said = (
            f"Whoever reaches {host} can read all of {store}: there are no passwords. Browsers must ask for it as "
            f"{host} or localhost."
        )
        err.print(said, markup=False, highlight=False, soft_wrap=True)
    serve(shelf, host, port, partial(_tell, store, is_open))


def _tell(store: str, is_open: bool, address: str) -> None:
    out.print(f"{store} is at {address} until Ctrl-C", markup=False, highlight=False, soft_wrap=True)
    if is_open:  # some browsers hold whoever starts them until they end
        Thread(target=webbrowser.open, args=(address,), daemon=True).start()

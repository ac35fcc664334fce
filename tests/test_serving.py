"""A page served on this machine."""

from __future__ import annotations

import asyncio
import socket

from crosspost.serving import listen


def test_small_answers_are_sent_without_delay() -> None:
    async def run() -> int:
        accepted: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection = writer.get_extra_info("socket")
            accepted.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with listen(0) as place:
            async with await asyncio.start_server(take, sock=place.listener):
                _, writer = await asyncio.open_connection(*place.listener.getsockname())
                found = await asyncio.wait_for(accepted, 5)
                writer.close()
        return found

    assert asyncio.run(run()) != 0

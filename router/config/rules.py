"""The rules between settings: what one names, another must have. Pure."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_network

from queues.settings import targets, unfit
from router.calendars import unfit as unfit_calendar
from router.config.check import nearest
from router.config.circles import Edge, way_back
from router.config.model import ArchiveConfig, AuthKey, Config, KeepConfig, TenantConfig
from router.config.problems import Path, Problem
from router.engine.address import parse
from router.settings import unfit_tenant

SECRET_MIN_BYTES = 32


def broken_rules(config: Config) -> Iterator[Problem]:
    """The problems of a configuration whose every value is right by itself."""
    yield from _broken_service_rules(config)
    yield from _broken_days(config)
    yield from _broken_key_rules(config.auth.keys)
    yield from _broken_chat_rules(config)
    for name, tenant in config.tenants.items():
        path: Path = ("tenants", name)
        yield from _unknown_queues(tenant, path)
        yield from _broken_calendars(tenant, path)
        yield from _unfit_settings(tenant, path)
        yield from _loops(tenant, path)
        yield from _unservable_channels(tenant, path)
        if config.socket.ping_ms * 2 > tenant.lease_ms:
            sentence = f"expected at least twice socket.ping_ms ({config.socket.ping_ms})"
            yield Problem((*path, "lease_ms"), sentence, tenant.lease_ms)


def _broken_service_rules(config: Config) -> Iterator[Problem]:
    http, metrics, store = config.http, config.metrics, config.store
    if http.port != 0 and (http.host, http.port) == (metrics.host, metrics.port):
        yield Problem(("metrics", "port"), "expected another address than http's", metrics.port)
    if not store.url.startswith("embedded://"):
        try:
            parse(store.url)
        except ValueError as error:
            yield Problem(("store", "url"), str(error), store.url)
    if store.driver == "asyncio-redis" and store.url.startswith(("rediss", "redis+")):
        sentence = "expected redis: asyncio-redis has no TLS, Sentinel or Cluster"
        yield Problem(("store", "driver"), sentence, store.driver)


def _broken_days(config: Config) -> Iterator[Problem]:
    """Nothing is deleted before it is hidden."""
    archive = config.archive
    named: dict[Path, ArchiveConfig | KeepConfig] = {("archive",): archive}
    named |= {("archive", "tenants", name): own for name, own in archive.tenants.items()}
    for path, own in named.items():
        hidden = own.hidden_after_days or archive.hidden_after_days
        purged = own.purge_after_days
        purged = archive.purge_after_days if purged is None else purged
        if 0 < purged < hidden:
            sentence = f"expected 0 or at least hidden_after_days ({hidden})"
            yield Problem((*path, "purge_after_days"), sentence, purged)


def _broken_key_rules(keys: Mapping[str, AuthKey]) -> Iterator[Problem]:
    for name, key in keys.items():
        path: Path = ("auth", "keys", name)
        given = [key.secret, key.secret_file, key.public_key_file]
        if sum(map(bool, given)) != 1:
            sentence = "expected exactly one of secret, secret_file and public_key_file"
            yield Problem(path, sentence, has_value=False)
        elif key.secret and len(key.secret.encode()) < SECRET_MIN_BYTES:
            sentence = f"expected at least {SECRET_MIN_BYTES} bytes"
            yield Problem((*path, "secret"), sentence, key.secret)
    public = {bool(key.public_key_file) for key in keys.values()}
    if len(public) > 1:
        sentence = "expected secrets or public keys, never both"
        yield Problem(("auth", "keys"), sentence, has_value=False)


def _broken_chat_rules(config: Config) -> Iterator[Problem]:
    chat = config.chat
    for name in ("secret", "token"):
        if getattr(chat, name) and getattr(chat, f"{name}_file"):
            sentence = f"expected at most one of {name} and {name}_file"
            yield Problem(("chat", name), sentence, getattr(chat, name))
    if chat.secret and len(chat.secret.encode()) < SECRET_MIN_BYTES:
        sentence = f"expected at least {SECRET_MIN_BYTES} bytes"
        yield Problem(("chat", "secret"), sentence, chat.secret)
    for nth, network in enumerate(chat.trusted_proxies):
        try:
            ip_network(network)
        except ValueError as error:
            sentence = f"expected a network, as 10.0.0.0/8 or fd00::/8, or an address: {error}"
            yield Problem(("chat", "trusted_proxies", nth), sentence, network)
    if chat.tenant and config.tenants and chat.tenant not in config.tenants:
        sentence = f"no tenant of this name; {nearest(chat.tenant, list(config.tenants))}"
        yield Problem(("chat", "tenant"), sentence, chat.tenant)


def _unknown_queues(tenant: TenantConfig, path: Path) -> Iterator[Problem]:
    known = list(tenant.queues)
    named: list[tuple[Path, str]] = []
    if known:
        named.append((("default_queue",), tenant.default_queue))
    for name, settings in tenant.queues.items():
        named += [(("queues", name, *setting), queue) for setting, queue in targets(settings)]
    for name, agent in tenant.agents.items():
        named += [(("agents", name, "memberships", queue), queue) for queue in agent.memberships]
    for name, subject in tenant.subjects.items():
        if subject.queue:
            named.append((("subjects", name, "queue"), subject.queue))
    for place, queue in named:
        if queue not in known and (known or queue != tenant.default_queue):
            sentence = f"no queue of this name; {nearest(queue, known)}"
            is_key = place[-1] == queue
            yield Problem((*path, *place), sentence, queue, has_value=not is_key)


def _loops(tenant: TenantConfig, path: Path) -> Iterator[Problem]:
    """Contacts must not come back to a queue that has sent them on."""
    for name, settings in tenant.queues.items():
        for (setting, queue), edge in zip(targets(settings), edges_of(tenant, name), strict=True):
            if way := way_back(name, [edge], lambda queue: edges_of(tenant, queue)):
                sentence = f"contacts would go in a circle: {' > '.join(way)}"
                yield Problem((*path, "queues", name, *setting), sentence, queue)


def edges_of(tenant: TenantConfig, name: str) -> list[Edge]:
    """Where a queue of the file sends contacts on to; the file may have no such queue."""
    own = tenant.queues.get(name)
    if own is None:
        return []
    return [
        Edge(queue, own.calendar if setting == ("closed_to",) else None)
        for setting, queue in targets(own)
    ]


def _broken_calendars(tenant: TenantConfig, path: Path) -> Iterator[Problem]:
    for name, calendar in tenant.calendars.items():
        for fault in unfit_calendar(calendar):
            place = (*path, "calendars", name, *fault.path)
            has_value = str(fault.path[-1]) != fault.value
            yield Problem(place, fault.expected, fault.value, has_value=has_value)
    known = list(tenant.calendars)
    for name, queue in tenant.queues.items():
        if queue.calendar and queue.calendar not in known:
            sentence = f"no calendar of this name; {nearest(queue.calendar, known)}"
            yield Problem((*path, "queues", name, "calendar"), sentence, queue.calendar)


def _unfit_settings(tenant: TenantConfig, path: Path) -> Iterator[Problem]:
    for place, value, expected in unfit_tenant(tenant.settings()):
        yield Problem((*path, *place), f"expected {expected}", value)
    for name, settings in tenant.queues.items():
        for place, value, expected in unfit(settings):
            yield Problem((*path, "queues", name, *place), f"expected {expected}", value)


def _unservable_channels(tenant: TenantConfig, path: Path) -> Iterator[Problem]:
    for name, agent in tenant.agents.items():
        for channel, slots in agent.slots.items():
            place = (*path, "agents", name, "slots", channel)
            if channel not in tenant.channels:
                sentence = f"no channel of this name; {nearest(channel, list(tenant.channels))}"
                yield Problem(place, sentence, slots, has_value=False)
            elif slots and (cost := tenant.channels[channel].cost) > agent.capacity:
                sentence = f"one {channel} contact costs {cost}, his capacity is {agent.capacity}"
                yield Problem(place, sentence, slots)

"""Whether a row can be trusted: compares the peer's report with the origin's counts."""
from pages import OUTCOMES

COUNTS = ("connections", "requests", "responses", "rejected", "body_bytes")
TLS_COUNTS = ("tls_handshakes", "tls_resumed")


def counted(before, after, with_tls):
    """The difference of two readings of the origin's counts, without the connection of the second
    reading. None if one of them failed."""
    if before is None or after is None:
        return None
    names = COUNTS + (TLS_COUNTS if with_tls else ())
    difference = {name: after[name] - before[name] for name in names}
    difference["connections"] -= 1
    if with_tls:
        difference["tls_handshakes"] -= 1
    return difference


def doubt(row, seen, expected_bytes):
    """Why the row is not valid; empty if it is."""
    failed = {kind: row[kind] for kind in OUTCOMES[1:] if row[kind]}
    requests = row["requests"]
    if failed:
        kinds = ", ".join(f"{kind} {count}" for kind, count in failed.items())
        return f"{sum(failed.values())} of {requests} requests failed ({kinds})"
    if seen is None:
        return "the origin did not report its counts"
    if (seen["requests"], seen["responses"], seen["rejected"]) != (requests, requests, 0):
        return (
            f"{requests} good responses, but the origin was asked {seen['requests']} times, "
            f"answered {seen['responses']} and rejected {seen['rejected']}"
        )
    if seen["body_bytes"] != expected_bytes:
        return f"the origin sent {seen['body_bytes']} bytes of bodies, not {expected_bytes}"
    # ab opens one more than it uses, at its own cost.
    if seen["connections"] < requests:
        return f"{seen['connections']} connections for {requests} requests: it must be one each"
    if seen.get("tls_resumed"):
        return f"{seen['tls_resumed']} TLS sessions were resumed: each must be a new one"
    if row["cost_s"] < row.get("ideal_s", 0):
        return f"cost_s {row['cost_s']} is below the ideal of {row['ideal_s']}, the lower bound"
    return ""

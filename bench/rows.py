"""rows.py - the lines of the table: figures, ratios, targets."""

import statistics


def spread(values):
    return {"min": min(values), "median": statistics.median(values),
            "max": max(values)}


def number(value):
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def figure(values, unit):
    return f"{number(values['median'])} {unit}".rstrip()


def scatter(values, unit=""):
    low, high = number(values["min"]), number(values["max"])
    return f"{low} .. {high} {unit}".rstrip()


class Target:
    """What a row is held to: its ratio, or our own figure.  The ratio is the
    median of the rounds' ratios, as both sides of a round see the same
    weather; the ratio of the medians is for comparison."""

    def __init__(self, what, bound, limit):
        assert what in ("ratio", "ours") and bound in (">=", "<=")
        self.what, self.bound, self.limit = what, bound, limit

    def met(self, row):
        values = row.pairs if self.what == "ratio" else row.ours
        if values is None:
            return None
        value = values["median"]
        return value >= self.limit if self.bound == ">=" \
            else value <= self.limit

    def text(self, row):
        unit = "x" if self.what == "ratio" else f" {row.unit}"
        return f"{self.bound} {number(self.limit)}{unit}"


class Row:
    """One comparison.  peer_name without peer: the peer is not installed."""

    HEAD = ("what", "ours", "peer", "ratio", "min .. max", "of medians",
            "target", "")

    def __init__(self, what, unit, ours, peer_name=None, peer=None,
                 pairs=None, of_medians=None, target=None):
        self.what, self.unit, self.target = what, unit, target
        self.ours = spread(ours)
        self.peer_name = peer_name
        self.peer = spread(peer) if peer else None
        self.pairs = spread(pairs) if pairs else None
        self.of_medians = of_medians

    def met(self):
        return self.target.met(self) if self.target else None

    def peer_text(self):
        if self.peer:
            return f"{self.peer_name} {figure(self.peer, self.unit)}"
        return f"{self.peer_name} not installed" if self.peer_name else ""

    def verdict(self):
        if self.target is None:
            return ""
        return {True: "met", False: "MISSED", None: "not measured"}[self.met()]

    def cells(self):
        varied = self.ours["min"] < self.ours["max"]
        return (self.what, figure(self.ours, self.unit), self.peer_text(),
                number(self.pairs["median"]) if self.pairs else "",
                scatter(self.pairs) if self.pairs else
                scatter(self.ours, self.unit) if varied else "",
                number(self.of_medians) if self.of_medians else "",
                self.target.text(self) if self.target else "",
                self.verdict())

    def as_json(self):
        return {"what": self.what, "unit": self.unit, "ours": self.ours,
                "peer_name": self.peer_name, "peer": self.peer,
                "ratio": self.pairs, "ratio_of_medians": self.of_medians,
                "target": self.target.text(self) if self.target else None,
                "met": self.met()}


def rate_row(what, unit, amount, ours, peer_name=None, peer=None,
             target=None):
    """Rates from seconds; the ratio is how many times as fast we are."""
    rates = [amount / s for s in ours]
    if not peer:
        return Row(what, unit, rates, peer_name, target=target)
    return Row(what, unit, rates, peer_name, [amount / s for s in peer],
               [p / o for o, p in zip(ours, peer)],
               statistics.median(peer) / statistics.median(ours), target)


def time_row(what, unit, scale, ours, peer_name, peer, target=None):
    """Times from seconds; the ratio is how many times as long we take."""
    return Row(what, unit, [s * scale for s in ours], peer_name,
               [s * scale for s in peer], [o / p for o, p in zip(ours, peer)],
               statistics.median(ours) / statistics.median(peer), target)

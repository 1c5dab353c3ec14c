"""The signing vectors before they are signed: one module for each part of a request."""

from cases import bodies, headers, hosts, paths, presigned, queries, repeated, scopes, services
from cases.case import Case

ALL: list[Case] = [
    *paths.CASES,
    *queries.CASES,
    *headers.CASES,
    *hosts.CASES,
    *bodies.CASES,
    *scopes.CASES,
    *services.CASES,
    *presigned.CASES,
    *repeated.CASES,
]

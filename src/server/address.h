/*
 * address.h - where to listen, and who has connected, in numbers only.
 *
 * No name is ever looked up: a resolver that hangs would hold up the login.
 */
#ifndef NVT_SERVER_ADDRESS_H
#define NVT_SERVER_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "server/report.h"

struct address {
	struct sockaddr_storage name;
	socklen_t len;
	bool has_port; /* the text said which */
};

/* An address as "192.0.2.1" or "2001:db8::1" and its port. */
struct address_text {
	char address[64];
	uint16_t port;
};

/*
 * Parse ADDR, ADDR:PORT, [ADDR] or [ADDR]:PORT; an IPv6 address with a port
 * needs the brackets.  0, or -1 and why.
 */
int address_parse(const char *text, struct address *out, struct report *why);

/* A port from 0 to 65535: 0, or -1. */
int address_parse_port(const char *text, uint16_t *out);

void address_set_port(struct address *a, uint16_t port);
void address_text(const struct address *a, struct address_text *out);

/* Whether only this machine can reach it. */
bool address_is_loopback(const struct address *a);

#endif /* NVT_SERVER_ADDRESS_H */

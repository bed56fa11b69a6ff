/*
 * address.c - addresses of sockets from text and to text.
 */
#include "server/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

int
address_parse_port(const char *text, uint16_t *out)
{
	unsigned long value;
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return -1;
	value = strtoul(text, &end, 10);
	if (*end != '\0' || value > UINT16_MAX)
		return -1;
	*out = (uint16_t)value;
	return 0;
}

void
address_set_port(struct address *a, uint16_t port)
{
	if (a->name.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&a->name)->sin6_port = htons(port);
	else
		((struct sockaddr_in *)&a->name)->sin_port = htons(port);
}

static bool
parse_numbers(const char *text, struct address *out)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&out->name;
	struct sockaddr_in *four = (struct sockaddr_in *)&out->name;

	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		out->len = sizeof(*four);
		return true;
	}
	if (inet_pton(AF_INET6, text, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		out->len = sizeof(*six);
		return true;
	}
	return false;
}

/*
 * Where the port of text begins, or NULL: behind "]:", or behind the only
 * colon there is.
 */
static const char *
find_port(const char *text)
{
	const char *colon = strrchr(text, ':');

	if (colon == NULL)
		return NULL;
	if (text[0] == '[')
		return colon[-1] == ']' ? colon + 1 : NULL;
	return strchr(text, ':') == colon ? colon + 1 : NULL;
}

int
address_parse(const char *text, struct address *out, struct report *why)
{
	const char *port = find_port(text), *from = text;
	char host[INET6_ADDRSTRLEN];
	uint16_t number = 0;
	size_t len;

	len = port != NULL ? (size_t)(port - 1 - text) : strlen(text);
	if (text[0] == '[' && len >= 2 && text[len - 1] == ']') {
		from++;
		len -= 2;
	}
	/* It would be ::0.1.0.153, which nobody has. */
	if (strncmp(text, "::1:", 4) == 0)
		return report_set(why,
		    "%s: a port needs brackets before it: [::1]:%s", text,
		    text + 4);
	if (len >= sizeof(host))
		return report_set(why, "%s: not an address", text);
	memcpy(host, from, len);
	host[len] = '\0';
	if (!parse_numbers(host, out))
		return report_set(why,
		    "%s: not an address in numbers, such as 127.0.0.1 or "
		    "[::1]:2323",
		    text);
	if (port != NULL && address_parse_port(port, &number) != 0)
		return report_set(
		    why, "%s: the port is not from 0 to 65535", text);
	out->has_port = port != NULL;
	address_set_port(out, number);
	return 0;
}

void
address_text(const struct address *a, struct address_text *out)
{
	const struct sockaddr_in6 *six = (const void *)&a->name;
	const struct sockaddr_in *four = (const void *)&a->name;
	bool is_six = a->name.ss_family == AF_INET6;
	const void *number = &four->sin_addr;

	if (is_six)
		number = &six->sin6_addr;
	if (inet_ntop(a->name.ss_family, number, out->address,
		sizeof(out->address)) == NULL)
		out->address[0] = '\0';
	out->port = ntohs(is_six ? six->sin6_port : four->sin_port);
}

bool
address_is_loopback(const struct address *a)
{
	const struct sockaddr_in6 *six = (const void *)&a->name;
	const struct sockaddr_in *four = (const void *)&a->name;

	if (a->name.ss_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
	return ntohl(four->sin_addr.s_addr) >> 24 == 127;
}

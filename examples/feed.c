/* feed.c - the engine without a socket: bytes in, events and bytes out. */
#include <nvt/telnet.h>
#include <stdio.h>

/* A server asks for what servers ask for, and says hello. */
static const char from_peer[] =
    "\xff\xfb\x01"             /* IAC WILL ECHO */
    "\xff\xfd\x18"             /* IAC DO TTYPE */
    "\xff\xfa\x18\x01\xff\xf0" /* IAC SB TTYPE SEND IAC SE */
    "hi\r\nlogin: ";

static void
print_events(struct nvt_telnet *t, const uint8_t *in, size_t len)
{
	struct nvt_event ev;
	char line[256];
	size_t taken;

	do {
		taken = nvt_telnet_feed(t, in, len, &ev);
		in += taken;
		len -= taken;
		nvt_event_describe(&ev, line, sizeof(line));
		if (ev.type != NVT_EV_NONE)
			printf("%s\n", line);
	} while (len > 0 || ev.type != NVT_EV_NONE);
}

static void
print_pending(struct nvt_telnet *t)
{
	const uint8_t *data;
	size_t i, len = nvt_telnet_pending(t, &data);

	printf("to send:");
	for (i = 0; i < len; i++)
		printf(" %02x", data[i]);
	printf("\n");
	nvt_telnet_sent(t, len);
}

int
main(void)
{
	const char *const names[] = { "xterm", NULL };
	struct nvt_telnet *t;

	if (nvt_telnet_new(NULL, &t) != 0)
		return 1;
	nvt_telnet_set_usual(t);
	if (nvt_telnet_set_ttype(t, names) != 0)
		return 1;
	print_events(t, (const uint8_t *)from_peer, sizeof(from_peer) - 1);
	print_pending(t);
	nvt_telnet_free(t);
	return 0;
}

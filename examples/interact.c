/*
 * interact.c HOST [PORT] - a telnet client of a few lines.  ^] ends it.
 */
#include <nvt/session.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	struct nvt_session *s;
	int result;

	if (argc < 2) {
		fprintf(stderr, "usage: interact host [port]\n");
		return 2;
	}
	if (nvt_session_new(NULL, &s) != 0)
		return 1;
	result = nvt_session_open(
	    s, argv[1], argc > 2 ? argv[2] : NULL, NVT_FOREVER);
	if (result == 0)
		result = nvt_session_interact(s, NULL);
	if (result < 0)
		fprintf(stderr, "interact: %s\n", nvt_session_error(s));
	nvt_session_free(s);
	return result == 0 || result == NVT_ERR_EOF ? 0 : 1;
}

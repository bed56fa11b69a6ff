/*
 * options.c - the table of options with a behaviour.
 *
 * A new option is a row here and an opt_*.c of its name.
 */
#include "telnet/engine.h"

static const struct nvt__behaviour *const behaviours[] = {
	&nvt__opt_binary,
	&nvt__opt_status,
	&nvt__opt_ttype,
	&nvt__opt_naws,
	&nvt__opt_tspeed,
	&nvt__opt_xdisploc,
	&nvt__opt_environ,
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const struct nvt__behaviour *
nvt__behaviour_of(uint8_t option)
{
	for (size_t i = 0; i < COUNT(behaviours); i++)
		if (behaviours[i]->option == option)
			return behaviours[i];
	return NULL;
}

/*
 * config.c - a caller's configuration, of this version's size or another's.
 */
#include "base/config.h"

#include <string.h>

#include <nvt/error.h>

int
nvt__config_read(void *own, size_t own_size, const void *given)
{
	const char *bytes = given;
	size_t size;

	memcpy(&size, given, sizeof(size));
	if (size <= sizeof(size))
		return NVT_ERR_ARG;
	for (size_t i = own_size; i < size; i++)
		if (bytes[i] != 0)
			return NVT_ERR_ARG;
	memset(own, 0, own_size);
	memcpy(own, given, size < own_size ? size : own_size);
	memcpy(own, &own_size, sizeof(own_size));
	return 0;
}

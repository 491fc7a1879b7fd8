#include "CGMime.h"
#include <gmime/gmime.h>
bool vortag_mime_start(void) { g_mime_init(); return true; }

#include <stdbool.h>
bool vortag_mime_start(void);

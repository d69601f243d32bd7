// The elementary functions for single numbers.

#include <math.h>
#include <string.h>

#include "portable.h"

double vk_log(double x) { return vk_portable_log(x); }

double vk_pow(double x, double y) { return vk_portable_pow(x, y); }

void vk_turn(double turns, double *cosine, double *sine) { vk_portable_turn(turns, cosine, sine); }

// All kernels for `double`.

#include "CVectorKernels.h"
#include "hadamard.h"
#include "multiversion.h"

#include "templates/constants_double.h"

#include "templates/functions.h"

#include "templates/elementwise.h"

#include "templates/reductions.h"

#include "templates/products.h"

#include "templates/moments.h"

#include "templates/preconditioners.h"

#include "templates/combinations.h"

#include "templates/convolutions.h"

#include "templates/pooling.h"

#include "templates/sketches.h"

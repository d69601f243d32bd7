// What Swift cannot see of mpi.h: its predefined handles are casts in macros, so each becomes a function with
// the C spelling behind "CMPI_"; and a mark on every wrapped call that makes an ignored return code a warning.
#ifndef CMPI_SHIM_H
#define CMPI_SHIM_H

#include <mpi.h>

// MARK: - Constants

#pragma clang assume_nonnull begin
static inline MPI_Comm CMPI_COMM_WORLD(void) { return MPI_COMM_WORLD; }
static inline MPI_Errhandler CMPI_ERRORS_RETURN(void) { return MPI_ERRORS_RETURN; }
static inline MPI_Request CMPI_REQUEST_NULL(void) { return MPI_REQUEST_NULL; }
static inline MPI_Datatype CMPI_BYTE(void) { return MPI_BYTE; }
static inline MPI_Datatype CMPI_INT64_T(void) { return MPI_INT64_T; }
static inline MPI_Datatype CMPI_FLOAT(void) { return MPI_FLOAT; }
static inline MPI_Datatype CMPI_DOUBLE(void) { return MPI_DOUBLE; }
#pragma clang assume_nonnull end

// MARK: - Return codes that cannot be ignored

#define CMPI_CHECKED(function) extern __typeof__(function) function __attribute__((warn_unused_result))

CMPI_CHECKED(MPI_Abort);
CMPI_CHECKED(MPI_Cancel);
CMPI_CHECKED(MPI_Comm_dup);
CMPI_CHECKED(MPI_Comm_free);
CMPI_CHECKED(MPI_Comm_rank);
CMPI_CHECKED(MPI_Comm_set_errhandler);
CMPI_CHECKED(MPI_Comm_size);
CMPI_CHECKED(MPI_Error_class);
CMPI_CHECKED(MPI_Error_string);
CMPI_CHECKED(MPI_Finalize);
CMPI_CHECKED(MPI_Finalized);
CMPI_CHECKED(MPI_Get_count);
CMPI_CHECKED(MPI_Get_library_version);
CMPI_CHECKED(MPI_Ibarrier);
CMPI_CHECKED(MPI_Ibcast);
CMPI_CHECKED(MPI_Igather);
CMPI_CHECKED(MPI_Igatherv);
CMPI_CHECKED(MPI_Init_thread);
CMPI_CHECKED(MPI_Initialized);
CMPI_CHECKED(MPI_Iprobe);
CMPI_CHECKED(MPI_Irecv);
CMPI_CHECKED(MPI_Isend);
CMPI_CHECKED(MPI_Query_thread);
CMPI_CHECKED(MPI_Request_free);
CMPI_CHECKED(MPI_Test);

#undef CMPI_CHECKED

#endif

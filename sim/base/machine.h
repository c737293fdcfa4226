/* machine.h - what this machine has. Nothing here may reach a result. */
#ifndef SIM_BASE_MACHINE_H
#define SIM_BASE_MACHINE_H

#include <glib.h>

/* Memory that can be used without swapping, in bytes; infinite where the system does not say. */
double machine_free_bytes(void);

/* Memory of this program that is not swapped out, in bytes; 0 where the system does not say. */
double machine_resident_bytes(void);

/* Processors that this program may use. */
guint machine_processors(void);

#endif

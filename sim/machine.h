/* machine.h - what this machine has. Nothing here may reach a result. */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include <glib.h>

/* Memory that can be used without swapping, in bytes; infinite where nothing tells. */
double machine_free_bytes(void);

/* Processors that this program may use. */
guint machine_processors(void);

#endif

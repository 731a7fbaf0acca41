#include "input/graphite.h"

#include "base/test.h"

static const struct {
	struct str line, object; /* empty: none */
} rows[] = {
	{STR_INIT("DCGM_FI_DEV_GPU_TEMP;gpu=4;Hostname=gpu-7 91 1778730000"),
		STR_INIT("{\"metric\":{\"__name__\":\"DCGM_FI_DEV_GPU_TEMP\",\"gpu\":\"4\",\"Hostname\":\"gpu-7\"},\"value\":[1778730000,\"91\"]}")},
	{STR_INIT("dc1.gpus.DCGM_FI_DEV_GPU_TEMP;gpu=4 91.5 1778730000\n"),
		STR_INIT("{\"metric\":{\"__name__\":\"DCGM_FI_DEV_GPU_TEMP\",\"gpu\":\"4\"},\"value\":[1778730000,\"91.5\"]}")},
	{STR_INIT("nvidia_smi.temperature_gpu;host=gpu-7 91 1778730000"),
		STR_INIT("{\"metric\":{\"__name__\":\"nvidia_smi_temperature_gpu\",\"host\":\"gpu-7\"},\"value\":[1778730000,\"91\"]}")},
	{STR_INIT("a;b=\"c\\ 1e3 2"), STR_INIT("{\"metric\":{\"__name__\":\"a\",\"b\":\"\\\"c\\\\\"},\"value\":[2,\"1e3\"]}")},
	{STR_INIT("DCGM_FI_DEV_GPU_TEMP 91 1778730000"), STR_INIT("")},
	{STR_INIT("DCGM_FI_DEV_GPU_TEMP;gpu 91 1778730000"), STR_INIT("")},
	{STR_INIT("DCGM_FI_DEV_GPU_TEMP;=4 91 1778730000"), STR_INIT("")},
	{STR_INIT("DCGM_FI_DEV_GPU_TEMP;gpu=4 hot 1778730000"), STR_INIT("")},
	{STR_INIT("DCGM_FI_DEV_GPU_TEMP;gpu=4 91"), STR_INIT("")},
	{STR_INIT("DCGM_FI_DEV_GPU_TEMP;gpu=4 91 N"), STR_INIT("")},
	{STR_INIT("DCGM_FI_DEV_GPU_TEMP;gpu=4 91 1778730000 more"), STR_INIT("")},
	{STR_INIT("May 14 03:12:00 gpu-7 app: a;b=c 1 2"), STR_INIT("")},
	{STR_INIT(";a=b 1 2"), STR_INIT("")},
	{STR_INIT(""), STR_INIT("")},
};

int
main(void)
{
	struct buf json = {0};

	TEST("tagged lines as series");
	for (size_t i = 0; i < NELEM(rows); i++) {
		json.n = 0;
		CHECK_ROW(i, graphite_object(rows[i].line, &json) == (rows[i].object.n > 0) && str_eq(buf_str(&json), rows[i].object));
	}
	buf_free(&json);
	return test_done();
}

#include "join/catalog.h"

#include "base/sort.h"

#define SHEET "Xid-Catalog.xlsx 2025-09-30"
#define NVERROR_H "nverror.h 595.45.04"
#define DRIVER_LINES "lines of newer drivers"

#define REPORT "collect nvidia-bug-report.sh and contact NVIDIA support."
#define TODO_SUPPORT \
	"Collect nvidia-bug-report.sh and contact NVIDIA support."
#define TODO_IGNORE \
	"Nothing to do. If it keeps recurring, " REPORT
#define TODO_CHECK_APP \
	"Restart the job. If it recurs, check the program and its CUDA " \
	"libraries before the hardware."
#define TODO_RESTART_APP \
	"Restart the job. If it recurs on the same GPU, " REPORT
#define TODO_RESET_GPU \
	"Drain the node and reset the GPU. If it recurs, " REPORT
#define TODO_REPLACE_GPU \
	"Drain the node and reset the GPU before anything runs on it again. " \
	"If it recurs, run the field diagnostic and replace the GPU."
#define TODO_GSP \
	"Drain the node and reset the GPU; power-cycle the node if the " \
	"reset fails. If it recurs, update driver and firmware, then " REPORT
#define TODO_NVLINK5 \
	"If the message says Fatal, drain the node and reset the GPU. If it " \
	"says Nonfatal, keep running and act on any Xid 48, 94 or 154 " \
	"logged with it."
#define TODO_SPARES \
	"Drain the node and replace the GPU: it has no spare memory rows left."
#define TODO_WAITS \
	"Drain the node and reset the GPU to complete the pending row remap."
#define TODO_UNPUBLISHED \
	"NVIDIA publishes no action for this code: " REPORT

#define WHAT_UNUSED "reserved or retired; not expected on A100 or newer"

/* clang-format off */
#define ROW(code, name, cls, action, origin, what, todo) \
	{(code), STR_INIT(name), (cls), STR_INIT(action), STR_INIT(origin), \
	 STR_INIT(what), STR_INIT(todo), ACTION_UNSET}
#define OLD(code, name, what) \
	ROW(code, name, XID_UNKNOWN, "CONTACT_SUPPORT", SHEET, what, \
	    TODO_SUPPORT)
#define UNUSED(code, name) OLD(code, name, WHAT_UNUSED)
#define ENGINE(code, name, what) \
	ROW(code, name, XID_APPLICATION, "RESTART_APP", SHEET, what, \
	    TODO_RESTART_APP)
#define APP(code, name, what) \
	ROW(code, name, XID_APPLICATION, "RESTART_APP", SHEET, what, \
	    TODO_CHECK_APP)
#define IGNORE(code, name, what) \
	ROW(code, name, XID_INFORMATIONAL, "IGNORE", SHEET, what, TODO_IGNORE)

/* Ascending: catalog_find uses binary search. */
static const struct xid_info table[] = {
	UNUSED(1, "ROBUST_CHANNEL_FIFO_ERROR_FIFO_METHOD"),
	UNUSED(2, "ROBUST_CHANNEL_FIFO_ERROR_SW_METHOD"),
	UNUSED(3, "ROBUST_CHANNEL_FIFO_ERROR_UNK_METHOD"),
	UNUSED(4, "ROBUST_CHANNEL_FIFO_ERROR_CHANNEL_BUSY"),
	UNUSED(5, "ROBUST_CHANNEL_FIFO_ERROR_RUNOUT_OVERFLOW"),
	UNUSED(6, "ROBUST_CHANNEL_FIFO_ERROR_PARSE_ERR"),
	UNUSED(7, "ROBUST_CHANNEL_FIFO_ERROR_PTE_ERR"),
	ENGINE(8, "ROBUST_CHANNEL_FIFO_ERROR_IDLE_TIMEOUT",
		"a command channel made no progress and timed out"),
	UNUSED(9, "ROBUST_CHANNEL_GR_ERROR_INSTANCE"),
	UNUSED(10, "ROBUST_CHANNEL_GR_ERROR_SINGLE_STEP"),
	APP(11, "ROBUST_CHANNEL_GR_ERROR_MISSING_HW",
		"a program sent the GPU a command that it cannot carry out"),
	UNUSED(12, "ROBUST_CHANNEL_GR_ERROR_SW_METHOD"),
	/* The spreadsheet also calls it ROBUST_CHANNEL_GR_EXCEPTION. */
	ROW(13, "ROBUST_CHANNEL_GR_ERROR_SW_NOTIFY",
		XID_APPLICATION, "RESTART_APP", SHEET,
		"graphics engine exception, e.g. an illegal address",
		"Restart the job, under compute-sanitizer if it recurs. If "
		"other jobs also fail on the same GPC and TPC, drain the node "
		"and run dcgmi diag."),
	ROW(14, "ROBUST_CHANNEL_FAKE_ERROR",
		XID_INFORMATIONAL, "IGNORE", SHEET,
		"a deliberately injected error",
		"Nothing to do during a test. Otherwise " REPORT),
	UNUSED(15, "ROBUST_CHANNEL_SCANLINE_TIMEOUT"),
	UNUSED(16, "ROBUST_CHANNEL_VBLANK_CALLBACK_TIMEOUT"),
	UNUSED(17, "ROBUST_CHANNEL_PARAMETER_ERROR"),
	UNUSED(18, "ROBUST_CHANNEL_BUS_MASTER_TIMEOUT_ERROR"),
	UNUSED(19, "ROBUST_CHANNEL_DISP_MISSED_NOTIFIER"),
	UNUSED(20, "ROBUST_CHANNEL_MPEG_ERROR_SW_METHOD"),
	UNUSED(21, "ROBUST_CHANNEL_ME_ERROR_SW_METHOD"),
	UNUSED(22, "ROBUST_CHANNEL_VP_ERROR_SW_METHOD"),
	UNUSED(23, "ROBUST_CHANNEL_RC_LOGGING_ENABLED"),
	UNUSED(24, "ROBUST_CHANNEL_GR_SEMAPHORE_TIMEOUT"),
	APP(25, "ROBUST_CHANNEL_GR_ILLEGAL_NOTIFY",
		"a program asked the GPU for an illegal notification"),
	UNUSED(26, "ROBUST_CHANNEL_FIFO_ERROR_FBISTATE_TIMEOUT"),
	UNUSED(27, "ROBUST_CHANNEL_VP_ERROR"),
	UNUSED(28, "ROBUST_CHANNEL_VP2_ERROR"),
	UNUSED(29, "ROBUST_CHANNEL_BSP_ERROR"),
	UNUSED(30, "ROBUST_CHANNEL_BAD_ADDR_ACCESS"),
	ROW(31, "ROBUST_CHANNEL_FIFO_ERROR_MMU_ERR_FLT",
		XID_APPLICATION, "RESTART_APP", SHEET,
		"MMU fault: a program accessed GPU memory illegally",
		"Restart the job, under compute-sanitizer if it recurs. If "
		"different jobs fault on the same GPU, drain the node and run "
		"dcgmi diag."),
	ROW(32, "ROBUST_CHANNEL_PBDMA_ERROR",
		XID_APPLICATION, "RESTART_APP", SHEET,
		"the PBDMA unit read an invalid command stream",
		"Restart the job. If it recurs, look for PCIe errors (AER) of "
		"the same GPU and suspect its slot or riser."),
	UNUSED(33, "ROBUST_CHANNEL_SEC_ERROR"),
	UNUSED(34, "ROBUST_CHANNEL_MSVLD_ERROR"),
	UNUSED(35, "ROBUST_CHANNEL_MSPDEC_ERROR"),
	UNUSED(36, "ROBUST_CHANNEL_MSPPP_ERROR"),
	IGNORE(37, "ROBUST_CHANNEL_FECS_ERR_UNIMP_FIRMWARE_METHOD",
		"the context-switch firmware got a request it does not know"),
	IGNORE(38, "ROBUST_CHANNEL_FECS_ERR_WATCHDOG_TIMEOUT",
		"the context-switch firmware ran into its watchdog"),
	ENGINE(39, "ROBUST_CHANNEL_CE0_ERROR", "copy engine 0 failed"),
	ENGINE(40, "ROBUST_CHANNEL_CE1_ERROR", "copy engine 1 failed"),
	ENGINE(41, "ROBUST_CHANNEL_CE2_ERROR", "copy engine 2 failed"),
	UNUSED(42, "ROBUST_CHANNEL_VIC_ERROR"),
	ROW(43, "ROBUST_CHANNEL_RESETCHANNEL_VERIF_ERROR",
		XID_CONSEQUENCE, "IGNORE", SHEET,
		"GPU stopped processing a program that had faulted",
		"Look for an earlier Xid or a crash of the program: this is "
		"only the clean-up. The GPU is healthy; restart the job."),
	IGNORE(44, "ROBUST_CHANNEL_GR_FAULT_DURING_CTXSW",
		"a program faulted while the GPU was switching contexts"),
	ROW(45, "ROBUST_CHANNEL_PREEMPTIVE_REMOVAL",
		XID_CONSEQUENCE, "WORKFLOW_XID_45", SHEET,
		"preemptive clean-up of a dead or killed program",
		"Act on the preceding Xid; if there is none, look for a job "
		"that was killed or crashed. If neither explains it, restart the "
		"fabric manager."),
	ROW(46, "ROBUST_CHANNEL_GPU_TIMEOUT_ERROR",
		XID_HARDWARE, "RESET_GPU", SHEET,
		"the GPU stopped working and did not come back by itself",
		TODO_RESET_GPU),
	UNUSED(47, "ROBUST_CHANNEL_NVENC0_ERROR"),
	ROW(48, "ROBUST_CHANNEL_GPU_ECC_DBE",
		XID_HARDWARE, "WORKFLOW_XID_48", SHEET,
		"uncorrectable double-bit ECC error in GPU memory",
		"Drain the node and reset the GPU. If it recurs, or nvidia-smi "
		"-q shows the SRAM threshold exceeded, run the field "
		"diagnostic and replace the GPU."),
	UNUSED(49, "SILENT_RUNNING_CONSTANT_LEVEL_SET_BY_REGISTRY"),
	UNUSED(50, "SILENT_RUNNING_LEVEL_TRANSITION_DUE_TO_RC_ERROR"),
	/* The number has been reused: drivers from 570 on print "BAD_TSG
	 * encountered" with it, which no catalog lists. */
	OLD(51, "SILENT_RUNNING_STRESS_TEST_FAILURE",
		"the GPU's scheduler met a broken channel group, BAD_TSG"),
	UNUSED(52, "SILENT_RUNNING_LEVEL_TRANS_DUE_TO_TEMP_RISE"),
	UNUSED(53, "SILENT_RUNNING_TEMP_REDUCED_CLOCKING"),
	ROW(54, "SILENT_RUNNING_PWR_REDUCED_CLOCKING",
		XID_HARDWARE, "CHECK_MECHANICALS", SHEET,
		"a power cable of the board is missing, loose or dead",
		"Drain the node, power it off and check the power cables of "
		"the GPU. If they are sound, " REPORT),
	UNUSED(55, "SILENT_RUNNING_TEMPERATURE_READ_ERROR"),
	UNUSED(56, "DISPLAY_CHANNEL_EXCEPTION"),
	UNUSED(57, "FB_LINK_TRAINING_FAILURE_ERROR"),
	OLD(58, "FB_MEMORY_ERROR",
		"a GPU memory fault, as older GPUs report it"),
	OLD(59, "PMU_ERROR",
		"the PMU power-management controller of an older GPU failed"),
	ENGINE(60, "ROBUST_CHANNEL_SEC2_ERROR",
		"the SEC2 security engine failed"),
	OLD(61, "PMU_BREAKPOINT",
		"the PMU power-management controller hit a breakpoint"),
	ROW(62, "PMU_HALT_ERROR",
		XID_HARDWARE, "RESET_GPU", SHEET,
		"the PMU power-management controller halted",
		"Drain the node and reset the GPU; power-cycle the node if "
		"the reset fails. If it recurs, " REPORT),
	ROW(63, "INFOROM_DRAM_RETIREMENT_EVENT",
		XID_INFORMATIONAL, "IGNORE", SHEET,
		"row remap or page retirement, effective at the next reset",
		"Let the jobs finish, then reset the GPU so that the remap "
		"takes effect. If Xid 48, 94 or 95 came with it, act on that "
		"one."),
	ROW(64, "INFOROM_DRAM_RETIREMENT_FAILURE",
		XID_HARDWARE, "RESET_GPU", SHEET,
		"row remap or page retirement failed",
		"Drain the node and reset the GPU. If it recurs, or "
		"nvidia-smi -q -d ROW_REMAPPER shows a remapping failure, "
		"replace the GPU."),
	UNUSED(65, "ROBUST_CHANNEL_NVENC1_ERROR"),
	IGNORE(66, "ROBUST_CHANNEL_FECS_ERR_REG_ACCESS_VIOLATION",
		"the context-switch firmware blocked a register access"),
	IGNORE(67, "ROBUST_CHANNEL_FECS_ERR_VERIF_VIOLATION",
		"the context-switch firmware blocked a forbidden operation"),
	ENGINE(68, "ROBUST_CHANNEL_NVDEC0_ERROR",
		"NVDEC video decoder 0 failed"),
	APP(69, "ROBUST_CHANNEL_GR_CLASS_ERROR",
		"a program sent the GPU a command of the wrong class"),
	ENGINE(70, "ROBUST_CHANNEL_CE3_ERROR", "copy engine 3 failed"),
	ENGINE(71, "ROBUST_CHANNEL_CE4_ERROR", "copy engine 4 failed"),
	ENGINE(72, "ROBUST_CHANNEL_CE5_ERROR", "copy engine 5 failed"),
	UNUSED(73, "ROBUST_CHANNEL_NVENC2_ERROR"),
	ROW(74, "NVLINK_ERROR",
		XID_HARDWARE, "WORKFLOW_NVLINK_ERR", SHEET,
		"NVLink error, at this end or the other",
		"Drain the node and reset the GPUs of that link. Look for an "
		"earlier Xid on the peer, which may be the cause; if the "
		"same link fails again, reseat or replace the hardware."),
	ENGINE(75, "ROBUST_CHANNEL_CE6_ERROR", "copy engine 6 failed"),
	ENGINE(76, "ROBUST_CHANNEL_CE7_ERROR", "copy engine 7 failed"),
	ENGINE(77, "ROBUST_CHANNEL_CE8_ERROR", "copy engine 8 failed"),
	ROW(78, "VGPU_START_ERROR",
		XID_APPLICATION, "UPDATE_SWFW", SHEET,
		"a virtual GPU did not start",
		"Bring host and guest to matching vGPU driver releases and "
		"check that the GPU supports the vGPU type. Then start the VM "
		"again."),
	ROW(79, "ROBUST_CHANNEL_GPU_HAS_FALLEN_OFF_THE_BUS",
		XID_HARDWARE, "RESTART_BM", SHEET,
		"GPU has fallen off the bus",
		"Drain the node and power-cycle it; a warm reset rarely brings "
		"the GPU back. If it recurs, reseat or replace the GPU."),
	APP(80, "PBDMA_PUSHBUFFER_CRC_MISMATCH",
		"commands reached the GPU damaged (checksum mismatch)"),
	UNUSED(81, "ROBUST_CHANNEL_VGA_SUBSYSTEM_ERROR"),
	ENGINE(82, "ROBUST_CHANNEL_NVJPG0_ERROR",
		"NVJPG JPEG engine 0 failed"),
	ENGINE(83, "ROBUST_CHANNEL_NVDEC1_ERROR",
		"NVDEC video decoder 1 failed"),
	ENGINE(84, "ROBUST_CHANNEL_NVDEC2_ERROR",
		"NVDEC video decoder 2 failed"),
	ENGINE(85, "ROBUST_CHANNEL_CE9_ERROR", "copy engine 9 failed"),
	ENGINE(86, "ROBUST_CHANNEL_OFA0_ERROR",
		"OFA optical-flow engine 0 failed"),
	UNUSED(87, "NVTELEMETRY_DRIVER_REPORT"),
	ENGINE(88, "ROBUST_CHANNEL_NVDEC3_ERROR",
		"NVDEC video decoder 3 failed"),
	ENGINE(89, "ROBUST_CHANNEL_NVDEC4_ERROR",
		"NVDEC video decoder 4 failed"),
	OLD(90, "LTC_ERROR",
		"an L2 cache fault, as older GPUs report it"),
	UNUSED(91, "RESERVED_XID"),
	ROW(92, "EXCESSIVE_SBE_INTERRUPTS",
		XID_INFORMATIONAL, "IGNORE", SHEET,
		"high rate of corrected single-bit ECC errors",
		"Keep running: no data was lost. Watch the ECC counters; if "
		"they keep growing, run dcgmi diag on the drained node and contact "
		"NVIDIA support."),
	ROW(93, "INFOROM_ERASE_LIMIT_EXCEEDED",
		XID_INFORMATIONAL, "IGNORE", SHEET,
		"the InfoROM reached the write limit set for it",
		"Nothing urgent: the limit was set with nvflash and can be "
		"lifted with it. If that does not help, " REPORT),
	ROW(94, "ROBUST_CHANNEL_CONTAINED_ERROR",
		XID_HARDWARE, "RESTART_APP", SHEET,
		"contained ECC error: one program is affected",
		"Restart the affected job; other jobs on the GPU are "
		"unaffected. Reset the GPU once it is drained."),
	ROW(95, "ROBUST_CHANNEL_UNCONTAINED_ERROR",
		XID_HARDWARE, "RESET_GPU", SHEET,
		"uncontained ECC error: all jobs on the GPU are affected",
		TODO_REPLACE_GPU),
	ENGINE(96, "ROBUST_CHANNEL_NVDEC5_ERROR",
		"NVDEC video decoder 5 failed"),
	ENGINE(97, "ROBUST_CHANNEL_NVDEC6_ERROR",
		"NVDEC video decoder 6 failed"),
	ENGINE(98, "ROBUST_CHANNEL_NVDEC7_ERROR",
		"NVDEC video decoder 7 failed"),
	ENGINE(99, "ROBUST_CHANNEL_NVJPG1_ERROR",
		"NVJPG JPEG engine 1 failed"),
	ENGINE(100, "ROBUST_CHANNEL_NVJPG2_ERROR",
		"NVJPG JPEG engine 2 failed"),
	ENGINE(101, "ROBUST_CHANNEL_NVJPG3_ERROR",
		"NVJPG JPEG engine 3 failed"),
	ENGINE(102, "ROBUST_CHANNEL_NVJPG4_ERROR",
		"NVJPG JPEG engine 4 failed"),
	ENGINE(103, "ROBUST_CHANNEL_NVJPG5_ERROR",
		"NVJPG JPEG engine 5 failed"),
	ENGINE(104, "ROBUST_CHANNEL_NVJPG6_ERROR",
		"NVJPG JPEG engine 6 failed"),
	ENGINE(105, "ROBUST_CHANNEL_NVJPG7_ERROR",
		"NVJPG JPEG engine 7 failed"),
	IGNORE(106, "SMBPBI_TEST_MESSAGE",
		"out-of-band management (SMBPBI) sent a test"),
	IGNORE(107, "SMBPBI_TEST_MESSAGE_SILENT",
		"out-of-band management (SMBPBI) sent a silent test"),
	ROW(108, "NVLINK_REMOTE_TRANSLATION_ERROR",
		XID_INFORMATIONAL, "IGNORE", SHEET,
		"an NVLink peer could not translate an address",
		"No reset is needed. Look for a fault of the job or an Xid on "
		"the peer GPU, and act on that."),
	ROW(109, "ROBUST_CHANNEL_CTXSW_TIMEOUT_ERROR",
		XID_HARDWARE, "RESET_GPU", SHEET,
		"the GPU did not switch contexts in time and is stuck",
		"Stop the job, drain the node and reset the GPU. If it recurs, "
		REPORT),
	ROW(110, "SEC_FAULT_ERROR",
		XID_HARDWARE, "RESET_GPU", SHEET,
		"a security check inside the GPU failed",
		"Drain the node and reset the GPU; power-cycle the node if "
		"that does not help. If it persists, undo recent hardware changes "
		"or replace the GPU."),
	UNUSED(111, "BUNDLE_ERROR_EVENT"),
	UNUSED(112, "DISP_SUPERVISOR_ERROR"),
	UNUSED(113, "DP_LT_FAILURE"),
	UNUSED(114, "HEAD_RG_UNDERFLOW"),
	UNUSED(115, "CORE_CHANNEL_REGS"),
	UNUSED(116, "WINDOW_CHANNEL_REGS"),
	UNUSED(117, "CURSOR_CHANNEL_REGS"),
	UNUSED(118, "HEAD_REGS"),
	ROW(119, "GSP_RPC_TIMEOUT",
		XID_HARDWARE, "RESET_GPU", SHEET,
		"GSP RPC timeout",
		TODO_GSP),
	ROW(120, "GSP_ERROR",
		XID_HARDWARE, "RESET_GPU", SHEET,
		"GSP firmware crashed",
		TODO_GSP),
	ROW(121, "C2C_ERROR",
		XID_INFORMATIONAL, "IGNORE", SHEET,
		"corrected errors on the CPU-GPU link (C2C)",
		"Nothing urgent: no data was lost. Reset the GPU at the next "
		"maintenance to retrain the link."),
	OLD(122, "SPI_PMU_RPC_READ_FAIL",
		"the driver could not read the board's flash (SPI)"),
	OLD(123, "SPI_PMU_RPC_WRITE_FAIL",
		"the driver could not write the board's flash (SPI)"),
	OLD(124, "SPI_PMU_RPC_ERASE_FAIL",
		"the driver could not erase the board's flash (SPI)"),
	OLD(125, "INFOROM_FS_ERROR",
		"the file system of the board's InfoROM is damaged"),
	ENGINE(126, "ROBUST_CHANNEL_CE10_ERROR", "copy engine 10 failed"),
	ENGINE(127, "ROBUST_CHANNEL_CE11_ERROR", "copy engine 11 failed"),
	ENGINE(128, "ROBUST_CHANNEL_CE12_ERROR", "copy engine 12 failed"),
	ENGINE(129, "ROBUST_CHANNEL_CE13_ERROR", "copy engine 13 failed"),
	ENGINE(130, "ROBUST_CHANNEL_CE14_ERROR", "copy engine 14 failed"),
	ENGINE(131, "ROBUST_CHANNEL_CE15_ERROR", "copy engine 15 failed"),
	ENGINE(132, "ROBUST_CHANNEL_CE16_ERROR", "copy engine 16 failed"),
	ENGINE(133, "ROBUST_CHANNEL_CE17_ERROR", "copy engine 17 failed"),
	ENGINE(134, "ROBUST_CHANNEL_CE18_ERROR", "copy engine 18 failed"),
	ENGINE(135, "ROBUST_CHANNEL_CE19_ERROR", "copy engine 19 failed"),
	ROW(136, "ALI_TRAINING_FAIL",
		XID_HARDWARE, "RESET_GPU", SHEET,
		"NVLink training failed",
		"Drain the node and reset the GPU. If the same link fails "
		"again, check its cable, its connectors and the port at the "
		"other end."),
	ROW(137, "NVLINK_PRIV_ERR",
		XID_INFORMATIONAL, "IGNORE", SHEET,
		"the GPU at the other end refused an NVLink access",
		"No reset is needed: look for a fault of the job or an Xid on "
		"the peer GPU first. If only one program causes it, run that "
		"program under compute-sanitizer."),
	UNUSED(138, "ROBUST_CHANNEL_DLA_ERROR"),
	ENGINE(139, "ROBUST_CHANNEL_OFA1_ERROR",
		"OFA optical-flow engine 1 failed"),
	ROW(140, "UNRECOVERABLE_ECC_ERROR_ESCAPE",
		XID_HARDWARE, "RESET_GPU", SHEET,
		"uncorrectable ECC errors that the driver did not contain",
		TODO_REPLACE_GPU),
	IGNORE(141, "ROBUST_CHANNEL_FAST_PATH_ERROR",
		"a command on CUDA's fast path failed"),
	OLD(142, "ROBUST_CHANNEL_NVENC3_ERROR",
		"NVENC video encoder 3 failed"),
	ROW(143, "GPU_INIT_ERROR",
		XID_HARDWARE, "RESET_GPU", SHEET,
		"GPU initialization failed",
		"Drain the node and reset the GPU; power-cycle the node if "
		"that does not help. If the GPU still does not initialize, "
		REPORT),
	ROW(144, "NVLINK_SAW_ERROR",
		XID_HARDWARE, "WORKFLOW_NVLINK5_ERR", SHEET,
		"an NVLink unit of the GPU (SAW) reported an error",
		TODO_NVLINK5),
	ROW(145, "NVLINK_RLW_ERROR",
		XID_HARDWARE, "WORKFLOW_NVLINK5_ERR", SHEET,
		"an NVLink unit of the GPU (RLW) reported an error",
		"If the message says Fatal, drain the node and reset the GPU. "
		"If it says Nonfatal, act on any Xid 154 logged with it; "
		"otherwise restart the job if it died."),
	ROW(146, "NVLINK_TLW_ERROR",
		XID_HARDWARE, "WORKFLOW_NVLINK5_ERR", SHEET,
		"an NVLink unit of the GPU (TLW) reported an error",
		TODO_NVLINK5),
	ROW(147, "NVLINK_TREX_ERROR",
		XID_HARDWARE, "WORKFLOW_NVLINK5_ERR", SHEET,
		"an NVLink unit of the GPU (TREX) reported an error",
		"Keep running: no fatal form of it is known. If it recurs, "
		REPORT),
	ROW(148, "NVLINK_NVLPW_CTRL_ERROR",
		XID_HARDWARE, "WORKFLOW_NVLINK5_ERR", SHEET,
		"an NVLink unit of the GPU (NVLPW) reported an error",
		"Keep running: no fatal form of it is known. If it recurs, "
		REPORT),
	ROW(149, "NVLINK_NETIR_ERROR",
		XID_HARDWARE, "WORKFLOW_NVLINK5_ERR", SHEET,
		"an NVLink went down or changed its state",
		"If the message says Fatal, drain the node and reset the GPU, "
		"but first check whether the peer or switch failed earlier. "
		"If the same link fails again, check its cable and port."),
	ROW(150, "NVLINK_MSE_ERROR",
		XID_HARDWARE, "WORKFLOW_NVLINK5_ERR", SHEET,
		"the NVLink firmware of the GPU (MSE) failed",
		TODO_RESET_GPU),
	ROW(151, "ROBUST_CHANNEL_KEY_ROTATION_ERROR",
		XID_HARDWARE, "RESTART_VM", SHEET,
		"an encryption key could not be renewed (confidential VM)",
		"Restart the virtual machine that owns the GPU; do not reset "
		"the GPU or the host. If it recurs, " REPORT),
	IGNORE(152, "ROBUST_CHANNEL_DLA_SMMU_ERROR",
		"the deep-learning accelerator (DLA) made a bad memory access"),
	IGNORE(153, "ROBUST_CHANNEL_DLA_TIMEOUT",
		"the deep-learning accelerator (DLA) took too long"),
	ROW(154, "GPU_RECOVERY_ACTION_CHANGED",
		XID_INFORMATIONAL, "XID_154", SHEET,
		"the recovery action that the preceding Xids need",
		"Do what the message names after \"to\": it covers the "
		"preceding Xids. A change to 0x0 (None) means that the GPU has "
		"recovered."),
	ROW(155, "NVLINK_SW_DEFINED_ERROR",
		XID_HARDWARE, "RESET_GPU", SHEET,
		"software took an NVLink down",
		"Drain the node and reset the GPU. If this was not "
		"intended, find the software that did it."),
	ROW(156, "RESOURCE_RETIREMENT_EVENT",
		XID_HARDWARE, "RESET_GPU", SHEET,
		"a faulty part of the GPU was swapped for a spare one",
		"Drain the node and reset the GPU, so that the repair takes "
		"effect. If this happens repeatedly, replace the GPU."),
	ROW(157, "RESOURCE_RETIREMENT_FAILURE",
		XID_INFORMATIONAL, "IGNORE", SHEET,
		"a faulty part of the GPU stays in use: no spare is left",
		"Jobs can continue, but the fault is likely to recur. Plan to "
		"replace the GPU: " REPORT),
	ROW(158, "GPU_FATAL_TIMEOUT",
		XID_HARDWARE, "RESET_GPU", SHEET,
		"the GPU ran into a timeout that it cannot recover from",
		"Drain the node and reset the GPU; power-cycle the node if "
		"that fails. If it recurs, look for PCIe errors (AER), then "
		REPORT),
	ROW(159, "ROBUST_CHANNEL_CHI_NON_DATA_ERROR",
		XID_HARDWARE, "CHECK_UVM", SHEET,
		"an access over the CPU-GPU link (C2C) was refused",
		"Act on other Xids first. With unified memory (UVM) or vGPU in "
		"use, drain the node and reset the GPU; otherwise keep "
		"running, and report it to NVIDIA if it recurs."),
	ROW(160, "CHANNEL_RETIREMENT_EVENT",
		XID_INFORMATIONAL, "IGNORE", SHEET,
		"a faulty memory channel or L2 slice is marked for repair",
		"Let the jobs finish, then do the reset that the message "
		"names, so that the repair takes effect."),
	ROW(161, "CHANNEL_RETIREMENT_FAILURE",
		XID_INFORMATIONAL, "IGNORE", SHEET,
		"a memory channel or L2 slice is faulty and no spare is left",
		"Jobs can continue, but watch for Xid 48, 94 and 95. Plan to "
		"replace the GPU: " REPORT),
	ROW(162, "PSHC_REENGAGED",
		XID_INFORMATIONAL, "", SHEET,
		"power smoothing is back on",
		"Nothing to repair, and NVIDIA publishes no action."),
	ROW(163, "PSHC_DISENGAGED",
		XID_INFORMATIONAL, "", SHEET,
		"power smoothing switched itself off",
		"Jobs can continue. To get power smoothing back, fix any "
		"overheating; after a timeout, reload the driver or reset the "
		"GPU."),
	ROW(164, "PSHC_LOW_LIFETIME",
		XID_INFORMATIONAL, "", SHEET,
		"the power-smoothing circuit is nearly worn out",
		"Jobs can continue. Check whether the site can take the power "
		"swings without it; if not, plan to replace the GPU."),
	ROW(165, "PSHC_ZERO_LIFETIME",
		XID_INFORMATIONAL, "", SHEET,
		"the power-smoothing circuit is worn out and off",
		"Jobs can continue. Check whether the site can take the power "
		"swings without it; if not, replace the GPU."),
	ROW(166, "NVLINK_SECURE_CRYPTO_ERR",
		XID_UNKNOWN, "", SHEET,
		"NVLink traffic came before encryption was set up",
		TODO_UNPUBLISHED),
	ROW(167, "PCIE_FATAL_TIMEOUT",
		XID_UNKNOWN, "", SHEET,
		"PCIe traffic of the GPU ran into a fatal timeout",
		"NVIDIA publishes no action. Drain the node and look for PCIe "
		"errors (AER) of the GPU and its upstream port; if it recurs, "
		"reseat or replace the GPU."),
	ROW(168, "REDUCED_GPU_MEMORY_CAPACITY",
		XID_UNKNOWN, "", SHEET,
		"bad cells in protected memory reduce what the GPU can use",
		"Drain the node, turn ECC on and reset the GPU, so that the "
		"bad rows can be remapped."),
	ROW(169, "SEC2_HALT_ERROR",
		XID_UNKNOWN, "", SHEET,
		"the SEC2 security processor halted",
		TODO_UNPUBLISHED),
	ROW(170, "NVLINK_SECURE_OTHER",
		XID_UNKNOWN, "", SHEET,
		"encrypted NVLink raised an interrupt (confidential computing)",
		TODO_UNPUBLISHED),
	ROW(171, "UNCORRECTABLE_DRAM_ERROR",
		XID_HARDWARE, "", SHEET,
		"the uncorrectable error of an Xid 48 is in the DRAM",
		"Drain the node and reset the GPU, as for Xid 48. An Xid "
		"63 with it means that the row was remapped; an Xid 64, that "
		"the GPU must be replaced if a reset does not help."),
	ROW(172, "UNCORRECTABLE_SRAM_ERROR",
		XID_HARDWARE, "", SHEET,
		"the uncorrectable error of an Xid 48 is in on-chip SRAM",
		"Drain the node and reset the GPU, as for Xid 48. SRAM cannot "
		"be remapped: if nvidia-smi -q shows its threshold exceeded, "
		"replace the GPU."),
	ROW(173, "C2C_FATAL_LINK_FAILURE",
		XID_UNKNOWN, "", NVERROR_H,
		"the CPU-GPU link (C2C) failed",
		"NVIDIA publishes no action. Drain the node and power-cycle "
		"it; if it recurs, " REPORT),
	ROW(174, "ROBUST_CHANNEL_RESETCHANNEL_KILL_PROCESS_SILENT",
		XID_UNKNOWN, "", NVERROR_H,
		"the driver quietly killed a program and reset its channel",
		"NVIDIA publishes no action. Look for an earlier Xid and "
		"act on it; then restart the job."),
	ROW(175, "MEMORY_SUBSYSTEM_ERROR",
		XID_UNKNOWN, "", NVERROR_H,
		"the GPU's memory subsystem ran into a timeout",
		"NVIDIA publishes no action. Older drivers print some of these "
		"as Xid 119, so act as for that: drain the node and reset the GPU; "
		"power-cycle the node if that fails."),
	ROW(176, "PCIE_CORRECTABLE_ERROR_FAULT",
		XID_UNKNOWN, "", NVERROR_H,
		"the GPU treats corrected PCIe errors as a fault",
		"NVIDIA publishes no action. Check the AER counts of the GPU "
		"and its upstream port; if they keep growing, reseat or "
		"replace the GPU at the next drain."),
	ROW(177, "BANK_REMAPPING_EVENT",
		XID_INFORMATIONAL, "", DRIVER_LINES,
		"memory bank remap, effective at the next reset",
		"Let the jobs finish, then reset the GPU so that the remap "
		"takes effect. If Xid 48, 94 or 95 came with it, act on that "
		"one."),
	ROW(185, "SPARING_EVENT",
		XID_UNKNOWN, "", DRIVER_LINES,
		"a faulty part of the GPU was replaced by a spare one",
		TODO_UNPUBLISHED),
};

static const struct str class_names[] = {
	[XID_HARDWARE] = STR_INIT("hardware"),
	[XID_UNKNOWN] = STR_INIT("unknown"),
	[XID_APPLICATION] = STR_INIT("application"),
	[XID_CONSEQUENCE] = STR_INIT("consequence"),
	[XID_INFORMATIONAL] = STR_INIT("informational"),
	[XID_NVSWITCH] = STR_INIT("nvswitch"),
};
/* clang-format on */

struct str
xid_class_name(enum xid_class c)
{
	return class_names[c];
}

bool
xid_class_of(struct str s, enum xid_class *c)
{
	for (size_t i = 0; i < NELEM(class_names); i++) {
		if (str_eq(s, class_names[i])) {
			*c = (enum xid_class)i;
			return true;
		}
	}
	return false;
}

const struct xid_info *
catalog_find(uint32_t code)
{
	size_t lo = 0;

	SORT_BISECT(lo, NELEM(table), i, table[i].code < code);
	return lo < NELEM(table) && table[lo].code == code ? &table[lo] : NULL;
}

static void
put_row(struct buf *b, const struct xid_info *x)
{
	const struct str rest[] = {
		x->name, xid_class_name(x->cls), x->action,
		x->origin, x->what, x->todo,
	};

	buf_u64(b, x->code);
	for (size_t i = 0; i < NELEM(rest); i++) {
		buf_chr(b, '\t');
		buf_add(b, rest[i]);
	}
	buf_chr(b, '\n');
}

void
catalog_put(struct buf *b, uint32_t only)
{
	const struct xid_info *x = catalog_find(only);

	buf_add(b, S("code\tname\tclass\taction\torigin\twhat\ttodo\n"));
	if (x)
		put_row(b, x);
	else if (only == 0)
		for (size_t i = 0; i < NELEM(table); i++)
			put_row(b, &table[i]);
}

unsigned
catalog_grade(uint32_t code)
{
	static const struct {
		uint32_t code;
		unsigned grade;
	} grades[] = {{79, 0}, {48, 1}, {95, 1}, {140, 1}, {171, 1}, {172, 1}, {64, 1}, {94, 3}};

	for (size_t i = 0; i < NELEM(grades); i++)
		if (grades[i].code == code)
			return grades[i].grade;
	return 2;
}

enum action
catalog_asked(uint32_t number)
{
	/* nverror.h and NVML's nvmlDeviceGpuRecoveryAction_t: reset, reboot,
	 * drain P2P, drain and reset, recover the IMEX domain, bus reset, system
	 * reboot */
	static const enum action actions[] = {
		ACTION_UNSET,     ACTION_RESET_GPU,    ACTION_REBOOT_NODE, ACTION_DRAIN_NODE,
		ACTION_RESET_GPU, ACTION_CHECK_FABRIC, ACTION_RESET_GPU,   ACTION_REBOOT_NODE,
	};

	return number < NELEM(actions) ? actions[number] : ACTION_UNSET;
}

/* Details in lines beyond the code; the first match wins. */
static const struct {
	uint32_t code;
	struct str says;
	enum action asked;
	struct str todo;
} lines[] = {
	/* reasons that the driver prints with a 64, from its texts of ECC events */
	{64, STR_INIT("already pending"), ACTION_RESET_GPU, STR_INIT(TODO_WAITS)},
	{64, STR_INIT("due to pending"), ACTION_RESET_GPU, STR_INIT(TODO_WAITS)},
	{64, STR_INIT("bank full"), ACTION_REPLACE_GPU, STR_INIT(TODO_SPARES)},
	{64, STR_INIT("spares exhausted"), ACTION_REPLACE_GPU, STR_INIT(TODO_SPARES)},
	{64, STR_INIT("All reserved rows"), ACTION_REPLACE_GPU, STR_INIT(TODO_SPARES)},
	{64, STR_INIT("table is full"), ACTION_REPLACE_GPU, STR_INIT(TODO_SPARES)},
	{64, STR_INIT("no spare"), ACTION_REPLACE_GPU, STR_INIT(TODO_SPARES)},
	{64, STR_INIT("HW limit"), ACTION_REPLACE_GPU, STR_INIT(TODO_SPARES)},
	{160, STR_INIT("reboot"), ACTION_REBOOT_NODE,
		STR_INIT("Let the jobs finish, then reboot the node, so that the repair takes effect.")},
	{161, STR_INIT("no more spare"), ACTION_REPLACE_GPU,
		STR_INIT("Jobs can continue, but watch for Xid 48, 94 and 95. No spare channel is left: plan to replace the GPU.")},
	/* the remap takes effect at a reset, which is not urgent */
	{63, STR_INIT(""), ACTION_RESET_GPU, {NULL, 0}},
	{160, STR_INIT(""), ACTION_RESET_GPU, {NULL, 0}},
	{177, STR_INIT(""), ACTION_RESET_GPU, {NULL, 0}},
};

void
catalog_line(struct xid_info *x, bool nonfatal, struct str line)
{
	if (nonfatal) {
		x->cls = XID_INFORMATIONAL;
		x->action = S("IGNORE");
		x->todo = S("Nothing to repair: the NVLink error is not fatal. Act on any Xid 48, 94, 95 or 154 logged with it.");
		return;
	}
	for (size_t i = 0; i < NELEM(lines); i++) {
		struct str says = lines[i].says;

		if (lines[i].code != x->code || (says.n && str_ifind(line, says) == line.n))
			continue;
		x->asked = lines[i].asked;
		if (lines[i].todo.n)
			x->todo = lines[i].todo;
		return;
	}
}

enum action
catalog_action(const struct xid_info *x, struct str asked)
{
	/* the driver's words after "to", nverror.h's GPU recovery actions */
	static const struct {
		struct str word;
		enum action action;
	} asks[] = {
		{STR_INIT("reboot"), ACTION_REBOOT_NODE},
		{STR_INIT("reset"), ACTION_RESET_GPU},
		{STR_INIT("drain"), ACTION_DRAIN_NODE},
	}, buckets[] = {
		{STR_INIT("RESET_GPU"), ACTION_RESET_GPU},
		{STR_INIT("WORKFLOW_XID_48"), ACTION_RESET_GPU},
		{STR_INIT("WORKFLOW_NVLINK_ERR"), ACTION_RESET_GPU},
		{STR_INIT("WORKFLOW_NVLINK5_ERR"), ACTION_RESET_GPU},
		{STR_INIT("CHECK_UVM"), ACTION_RESET_GPU},
		{STR_INIT("RESTART_BM"), ACTION_POWER_CYCLE},
		{STR_INIT("RESTART_VM"), ACTION_REBOOT_NODE},
		{STR_INIT("CHECK_MECHANICALS"), ACTION_INSPECT_HARDWARE},
		{STR_INIT("RESTART_APP"), ACTION_RESTART_JOB},
		{STR_INIT("UPDATE_SWFW"), ACTION_FIX_PROGRAM},
		{STR_INIT("CONTACT_SUPPORT"), ACTION_COLLECT_LOGS},
	};
	static const enum action classes[] = {
		[XID_HARDWARE] = ACTION_RESET_GPU,
		[XID_UNKNOWN] = ACTION_COLLECT_LOGS,
		[XID_APPLICATION] = ACTION_RESTART_JOB,
		[XID_CONSEQUENCE] = ACTION_RESTART_JOB,
		[XID_INFORMATIONAL] = ACTION_NONE,
		[XID_NVSWITCH] = ACTION_CHECK_FABRIC,
	};

	for (size_t i = 0; i < NELEM(asks); i++)
		if (str_ifind(asked, asks[i].word) < asked.n)
			return asks[i].action;
	if (x->asked)
		return x->asked;
	for (size_t i = 0; x->cls != XID_NVSWITCH && i < NELEM(buckets); i++)
		if (str_eq(x->action, buckets[i].word))
			return buckets[i].action;
	return classes[x->cls];
}

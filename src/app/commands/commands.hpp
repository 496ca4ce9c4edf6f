#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/settings.hpp"

namespace movio::app {

// What every command has: where the data is and how the program is set.
struct CommandContext {
    std::filesystem::path data_dir;
    std::filesystem::path media_executable;
    Settings settings;
};

struct IngestArguments {
    std::vector<std::filesystem::path> files;
    std::string title;
    std::string description;
    bool wait = true;
};

// Values that cannot work, each in a sentence. Every command that works on a data folder is refused when there is one.
std::vector<std::string> setting_problems(const Settings& settings);

// Each gives the program's exit code and writes to standard output; progress and errors go to standard error.
int run_serve(const CommandContext& context);
int run_migrate(const CommandContext& context);
int run_ingest(const CommandContext& context, const IngestArguments& arguments);
int run_jobs_list(const CommandContext& context, const std::string& state, bool json);
int run_jobs_show(const CommandContext& context, const std::string& id);
int run_jobs_retry(const CommandContext& context, const std::string& id);
int run_jobs_cancel(const CommandContext& context, const std::string& id);
int run_config_show(const CommandContext& context);
int run_config_check(const CommandContext& context);
int run_version(const std::filesystem::path& media_executable);

}  // namespace movio::app

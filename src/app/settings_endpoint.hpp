#pragma once
#include <string>

#include "app/settings.hpp"
#include "http/router.hpp"

namespace movio::app {

// GET /api/v2/admin/settings: each with its value and where that came from; of secrets only whether there is one.
void add_settings_endpoint(http::Router& router, const Settings& settings);

// The schema `SettingList`.
std::string setting_list_schema();

}  // namespace movio::app

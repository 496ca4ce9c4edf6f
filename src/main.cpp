#include <exception>
#include <iostream>

#include "app/command_line.hpp"

int main(int argc, char** argv) {
    try {
        return movio::app::run_command_line(argc, argv);
    } catch (const std::exception& failure) {
        std::cerr << "movio: " << failure.what() << '\n';
        return movio::app::kExitFailure;
    }
}

mod choice;
mod list;
mod read;

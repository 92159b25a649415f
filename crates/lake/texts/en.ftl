# lake: what can go wrong between a question and its files
error-lake-file = A file of the lake could not be read or written: { $path }
error-lake-file-hint = Check that the folder exists and that the program may write there.
error-lake-disk-full = The disk is full under { $path }. What was being written has been taken back.
error-lake-disk-full-hint = Free some space and run it again.
error-lake-not-parquet = { $path } is not a readable Parquet file.
error-lake-not-parquet-hint = Check that the file is whole; a file that was cut off while copying looks like this.
error-lake-no-column = The column “{ $column }” is missing.
error-lake-no-column-hint = Check the names of the columns, or name the right one.
error-lake-column-type = The column “{ $column }” holds { $found }, { $wanted } are needed.
error-lake-column-type-hint = Write the file again with that column as { $wanted }.
error-lake-memory = The question needs more memory than the lake may use.
error-lake-memory-hint = Raise `lake.memory` in the configuration, or ask about fewer months.
error-lake-engine = A question to the lake failed.
error-lake-engine-hint = This is a fault of ours: the log has the reason.
error-lake-cancelled = The work was cancelled.
error-lake-cancelled-hint = Nothing was changed; start it again when you like.

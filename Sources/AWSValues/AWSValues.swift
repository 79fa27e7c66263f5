// What AWSClient and the core both speak of, as values that are right once they are made. Pure, and knows nobody.
//
//   Names   AWS's ids, names and ARNs; which partition a region belongs to.
//   Time    days and moments, and the forms in which they are written: AWS's, ours, and other tools'.
